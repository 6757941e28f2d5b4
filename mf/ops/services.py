"""Service instances: each is a micro-stack; the object that carries its spec is what Kubernetes knows of it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from catalog import registry
from catalog.model import Images
from components import names as keys
from components.instance_spec import InstanceSpec
from engine.kube.errors import NotFound
from mf.errors import AlreadyThere, Failed, Missing, Refused
from mf.ops import names, spaces, stacks
from mf.ops.session import Session

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One service instance; `state` is ready, starting or failed."""

    name: str
    service: str
    plan: str
    place: str
    state: str
    apps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to make."""

    service: str
    plan: str
    name: str
    place: str = "local"
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What `delete` takes away with the data; `apps` are bound to it."""

    name: str
    what: str
    apps: tuple[str, ...]


def list_instances(session: Session) -> list[Instance]:
    """All service instances of the space, by name."""
    bound = bound_apps(session)
    found = [_describe(item, bound) for item in _main_objects(session)]
    if not found:
        spaces.check(session)
    return sorted(found, key=lambda instance: instance.name)


def get(session: Session, name: str) -> Instance:
    """One instance; Missing says which there are."""
    return _describe(main_object(session, name), bound_apps(session))


def main_object(session: Session, name: str) -> Object:
    """The object that carries the instance's spec; Missing says which instances there are."""
    names.check_label("service", name)
    found = _main_objects(session)
    match = next((item for item in found if _name(item) == name), None)
    if match is None:
        known = sorted(_name(item) for item in found)
        spaces.check(session)
        where = f"space {session.target.org}/{session.target.space}"
        hint = "" if known else "make one: mf create-service SERVICE PLAN NAME; what there is: mf marketplace"
        raise Missing("service", name, known=known, where=where, hint=hint)
    return match


def spec_of(main: Object) -> InstanceSpec:
    """What the instance was made from."""
    try:
        return InstanceSpec.from_json(main["metadata"]["annotations"][keys.SPEC])
    except (ValueError, TypeError, KeyError) as exc:
        raise Failed(f"service {main['metadata']['name']}: its annotation {keys.SPEC} can't be read ({exc})") from exc


def bound_apps(session: Session) -> dict[str, list[str]]:
    """Instance name → apps that have a binding to it."""
    selector = f"{keys.INSTANCE},{keys.APP}"
    bound: dict[str, list[str]] = {}
    for secret in session.kube.list("v1", "Secret", namespace=session.namespace, labels=selector):
        labels = secret["metadata"]["labels"]
        bound.setdefault(labels[keys.INSTANCE], []).append(labels[keys.APP])
    return {instance: sorted(apps) for instance, apps in bound.items()}


def users(session: Session, name: str) -> list[str]:
    """Apps that have a binding to the instance, or one that was only begun."""
    begun = {
        app
        for app, _, instance in (stack.partition(".") for stack in stacks.names(session, "binding"))
        if instance == name
    }
    return sorted({*bound_apps(session).get(name, ()), *begun})


def create(session: Session, order: Order) -> stacks.Deployed | None:
    """Make an instance and wait until it is ready; None when just that is there already."""
    spec = _spec(session, order)
    spaces.use(session)
    there = next((item for item in _main_objects(session) if _name(item) == spec.name), None)
    if there is not None and spec_of(there) != spec:
        old = spec_of(there)
        raise AlreadyThere(
            f"service {spec.name} exists already in this space: {old.service} {old.plan}",
            hint=f"choose another name, or remove it first: mf delete-service {spec.name}",
        )
    if there is not None and _state(there) == "ready":
        return None
    from components.programs import service_program

    return stacks.up(stack_of(session, spec.name), service_program(spec))


def removal(session: Session, name: str) -> Removal:
    """What `delete` would take away; Missing when not even an interrupted command left something of the instance."""
    names.check_label("service", name)
    main: Object | None = next((item for item in _main_objects(session) if _name(item) == name), None)
    apps = tuple(users(session, name))
    if main is None and not apps and name not in stacks.names(session, "service") and not _claims(session, name):
        main = main_object(session, name)
    spec = spec_of(main) if main else None
    what = f"{spec.service} {spec.plan}" if spec else "what is left of it"
    return Removal(name=name, what=what, apps=apps)


def delete(session: Session, planned: Removal, *, force: bool = False) -> None:
    """Remove an instance and its data; refused while apps are bound to it, unless forced."""
    from mf.ops import bindings

    name, apps = planned.name, planned.apps
    if apps and not force:
        raise Refused(
            f"service {name} is bound to {', '.join(apps)}",
            hint=f"unbind it first: mf unbind-service {apps[0]} {name}; or, with all its bindings: --force",
        )
    for app in apps:
        bindings.release(session, app, name)
    if not stacks.destroy(stack_of(session, name)) and any(_name(item) == name for item in _main_objects(session)):
        raise Failed(f"service {name} has no stack in this space; it was not made by mf")
    for claim in _claims(session, name):
        with contextlib.suppress(NotFound):
            session.kube.delete("v1", "PersistentVolumeClaim", claim["metadata"]["name"], namespace=session.namespace)
    for app in apps:  # last, as an instance that is gone, or that was broken, has nothing to revoke
        stacks.destroy(bindings.stack_of(session, app, name))


def stack_of(session: Session, name: str) -> stacks.MicroStack:
    """The instance's micro-stack."""
    return stacks.MicroStack(session=session, project="service", name=name, title=f"service {name}")


def _claims(session: Session, name: str) -> list[dict[str, Any]]:
    """A StatefulSet keeps its volume claims; with the instance the person asks for the data to go."""
    return session.kube.list(
        "v1", "PersistentVolumeClaim", namespace=session.namespace, labels=f"{keys.INSTANCE}={name}"
    )


def _name(main: Object) -> str:
    return str(main["metadata"]["labels"][keys.INSTANCE])


def _spec(session: Session, order: Order) -> InstanceSpec:
    """The order checked against the catalog, before anything happens."""
    names.check_label("service", order.name, longest=40)
    service = registry.get(order.service)
    plan = service.plan(order.plan)
    service.form(order.place)
    return InstanceSpec(
        name=order.name,
        org=session.target.org,
        space=session.target.space,
        namespace=session.namespace,
        service=service.name,
        plan=plan.name,
        place=order.place,
        parameters=service.check_parameters(dict(order.parameters)),
        images=images_of(session),
    )


def images_of(session: Session) -> Images:
    """Where this platform takes services' images from."""
    settings = session.settings
    source: Literal["bundle", "official"] = "official" if settings.images == "official" else "bundle"
    return Images(source=source, registry=settings.registry)


def _main_objects(session: Session) -> list[dict[str, Any]]:
    found = session.kube.list("apps/v1", "StatefulSet", namespace=session.namespace, labels=keys.INSTANCE)
    return [item for item in found if keys.SPEC in (item["metadata"].get("annotations") or {})]


def _describe(main: Object, bound: Mapping[str, list[str]]) -> Instance:
    spec = spec_of(main)
    return Instance(
        name=spec.name,
        service=spec.service,
        plan=spec.plan,
        place=spec.place,
        state=_state(main),
        apps=tuple(bound.get(spec.name, ())),
    )


def _state(main: Object) -> str:
    status = main.get("status") or {}
    goal = int(main["spec"].get("replicas") or 0)
    return "ready" if goal and int(status.get("readyReplicas") or 0) >= goal else "starting"
