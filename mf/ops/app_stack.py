"""Changing an app: its spec is read from the Deployment, edited, and run as the app's micro-stack."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from components.app_spec import AppSpec
from mf.ops import apps, stacks
from mf.ops.session import Session

Edit = Callable[[AppSpec], AppSpec]


def stack_of(session: Session, app: str) -> stacks.MicroStack:
    """The app's micro-stack."""
    return stacks.MicroStack(session=session, project="app", name=app, title=f"app {app}")


def deploy(session: Session, spec: AppSpec) -> stacks.Deployed:
    """Make the app what the spec says and wait until it is."""
    from components.programs import app_program

    return stacks.up(stack_of(session, spec.name), app_program(spec))


def change(session: Session, app: str, edit: Edit) -> AppSpec:
    """Edit the app as it is deployed now; nothing is run when the edit changes nothing."""
    before = apps.spec_of(apps.deployment(session, app))
    after = edit(before)
    if after != before:
        deploy(session, after)
    return after


def stamp() -> str:
    """Now, to the second, as a mark that rolls an app's pods."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
