"""The services that a manifest names: bound before the app is deployed, so that its first start finds them."""

from __future__ import annotations

from components.app_spec import AppSpec
from components.instance_spec import BindingSpec
from mf.ops import bindings, services, stacks
from mf.ops.session import Session


def bind_missing(session: Session, app: str, wanted: tuple[str, ...], old: AppSpec | None) -> None:
    """Make the bindings that are not there yet."""
    bound = old.bindings if old else ()
    missing = [name for name in dict.fromkeys(wanted) if name not in bound]
    targets = [services.spec_of(services.main_object(session, name)) for name in missing]
    for target in targets:
        from components.programs import binding_program

        stack = bindings.stack_of(session, app, target.name)
        stacks.up(stack, binding_program(BindingSpec.of(target, app=app)))
