"""The services that a manifest names: bound before the app is deployed, so that its first start finds them."""

from __future__ import annotations

from components.app_spec import AppSpec
from components.instance_spec import BindingSpec, InstanceSpec
from mf.ops import bindings, services, stacks
from mf.ops.session import Session


def targets(session: Session, wanted: tuple[str, ...], old: AppSpec | None) -> list[InstanceSpec]:
    """The instances that are to be bound; Missing, with those there are, when one is not there."""
    bound = old.bindings if old else ()
    missing = [name for name in dict.fromkeys(wanted) if name not in bound]
    return [services.spec_of(services.main_object(session, name)) for name in missing]


def bind_missing(session: Session, app: str, wanted: tuple[str, ...], old: AppSpec | None) -> None:
    """Make the bindings that are not there yet."""
    for target in targets(session, wanted, old):
        from components.programs import binding_program

        stack = bindings.stack_of(session, app, target.name)
        stacks.up(stack, binding_program(BindingSpec.of(target, app=app)))
