"""An app's micro-stack: the spec it is to be is run as a program."""

from __future__ import annotations

from collections.abc import Callable

from components.app_spec import AppSpec
from mf.ops import stacks
from mf.ops.session import Session


def stack_of(session: Session, app: str) -> stacks.MicroStack:
    """The app's micro-stack."""
    return stacks.MicroStack(session=session, project="app", name=app, title=f"app {app}")


def deploy(session: Session, spec: AppSpec, *, anew: Callable[[], AppSpec] | None = None) -> stacks.Deployed:
    """Make the app what the spec says and wait until it is; `anew` gives the spec once the stack is locked."""
    from components.programs import app_program

    def program() -> None:
        app_program(anew() if anew else spec)()

    return stacks.up(stack_of(session, spec.name), program)
