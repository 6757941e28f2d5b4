"""Scale, restart and delete an app."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace

from components import names as keys
from components.app_spec import AppSpec
from engine.kube.errors import NotFound
from mf.ops import app_change, app_stack, apps, bindings, environment, names, stacks
from mf.ops.progress import Note
from mf.ops.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What to scale; None leaves it as it is."""

    instances: int | None = None
    memory: str | None = None
    disk: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What `delete` takes away."""

    app: str
    urls: tuple[str, ...]
    services: tuple[str, ...]


def scale(session: Session, app: str, size: Size) -> AppSpec:
    """Set instances, memory or disk; new instances are up before old ones go."""
    if size.instances is not None:
        names.check_instances(app, size.instances)
    memory = names.memory_quantity(size.memory) if size.memory else None
    disk = names.memory_quantity(size.disk) if size.disk else None

    def edit(spec: AppSpec) -> AppSpec:
        return replace(
            spec,
            instances=spec.instances if size.instances is None else size.instances,
            memory=memory or spec.memory,
            disk=disk or spec.disk,
        )

    return app_change.change(session, app, edit)


def restart(session: Session, app: str) -> AppSpec:
    """New instances with the environment as it is now; each old one goes when its successor is ready."""
    apps.deployment(session, app)
    revision = environment.revision(session, app)

    def edit(spec: AppSpec) -> AppSpec:
        return replace(spec, env_revision=revision).restart(app_change.stamp())

    return app_change.change(session, app, edit)


def removal(session: Session, app: str) -> Removal:
    """What `delete` would take away, for the person to say yes to; Missing when not even a part of the app is left."""
    found = apps.find(session, app)
    begun = [stack.partition(".")[2] for stack in stacks.names(session, "binding") if stack.partition(".")[0] == app]
    if found is None and not begun and not _is_left(session, app):
        found = apps.deployment(session, app)
    spec = apps.spec_of(found) if found else None
    urls = tuple(session.settings.url(route.host, route.path) for route in spec.routes) if spec else ()
    return Removal(app=app, urls=urls, services=tuple(sorted({*begun, *(spec.bindings if spec else ())})))


def _is_left(session: Session, app: str) -> bool:
    """Whether a removal or a first push that was cut short left something."""
    if app in stacks.names(session, "app"):
        return True
    return session.kube.find("v1", "Secret", keys.env_secret(app), namespace=session.namespace) is not None


def delete(session: Session, planned: Removal) -> None:
    """Remove the app with its routes, then its bindings (which revokes their credentials), then its environment."""
    app = planned.app
    if not stacks.destroy(app_stack.stack_of(session, app)):
        session.report(Note(f"app {app} has no stack: what is left of it was not made by mf and stays", "warning"))
    for instance in planned.services:
        stacks.destroy(bindings.stack_of(session, app, instance))
    with contextlib.suppress(NotFound):
        session.kube.delete("v1", "Secret", keys.env_secret(app), namespace=session.namespace)
