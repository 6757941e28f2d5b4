"""Bindings: an app's own credentials of a service instance, made and revoked by a micro-stack."""

from __future__ import annotations

from dataclasses import replace

from components.app_spec import AppSpec
from components.instance_spec import BindingSpec
from mf.errors import Failed, Refused
from mf.ops import app_change, apps, services, stacks
from mf.ops.progress import silent
from mf.ops.push.errors import PushFailed
from mf.ops.session import Session


def stack_of(session: Session, app: str, instance: str) -> stacks.MicroStack:
    """The binding's micro-stack."""
    title = f"binding of {app} to {instance}"
    return stacks.MicroStack(session=session, project="binding", name=f"{app}.{instance}", title=title)


def bind(session: Session, app: str, instance: str) -> bool:
    """Make credentials, then roll the app with them; False when the app has them already."""
    spec = apps.spec_of(apps.deployment(session, app))
    target = services.spec_of(services.main_object(session, instance))
    if instance in spec.bindings:
        return False
    from components.programs import binding_program

    stacks.up(stack_of(session, app, instance), binding_program(BindingSpec.of(target, app=app)))

    def edit(current: AppSpec) -> AppSpec:
        return replace(current, bindings=tuple(sorted({*current.bindings, instance})))

    try:
        app_change.change(session, app, edit)
    except PushFailed:
        _take_back(session, app, instance)
        raise
    return True


def _take_back(session: Session, app: str, instance: str) -> None:
    """Revoke credentials that the app was to have and, having failed with them, does not use."""
    deployment = apps.find(session, app)
    if deployment is None or instance not in apps.spec_of(deployment).bindings:
        stacks.destroy(stack_of(replace(session, report=silent), app, instance))


def unbind(session: Session, app: str, instance: str) -> None:
    """Roll the app without the credentials, then revoke them."""
    used = release(session, app, instance)
    if not stacks.destroy(stack_of(session, app, instance)) and used:
        raise Failed(f"app {app} no longer uses {instance}, but there was no stack of the binding to revoke it with")


def release(session: Session, app: str, instance: str) -> bool:
    """Roll the app without the credentials, which stay valid; False when it does not use them."""
    deployment = apps.find(session, app)
    if deployment is None or instance not in apps.spec_of(deployment).bindings:
        return False

    def edit(current: AppSpec) -> AppSpec:
        return replace(current, bindings=tuple(name for name in current.bindings if name != instance))

    app_change.change(session, app, edit)
    return True


def check_bound(session: Session, app: str, instance: str) -> None:
    """Raise, with what is bound, unless the app has or had begun this binding, be the app itself still there or not."""
    if app in services.users(session, instance):
        return
    spec = apps.spec_of(apps.deployment(session, app))
    if instance in spec.bindings:
        return
    services.main_object(session, instance)
    bound = ", ".join(spec.bindings) or "nothing"
    raise Refused(f"app {app} is not bound to {instance}; it is bound to: {bound}")
