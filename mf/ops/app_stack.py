"""Changing an app: its spec is read from the Deployment, edited, and run as the app's micro-stack."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from components.app_spec import AppSpec
from mf.errors import DeployFailed
from mf.ops import apps, stacks
from mf.ops.session import Session

Edit = Callable[[AppSpec], AppSpec]
_WELL = ("running", "stopped")


def stack_of(session: Session, app: str) -> stacks.MicroStack:
    """The app's micro-stack."""
    return stacks.MicroStack(session=session, project="app", name=app, title=f"app {app}")


def deploy(session: Session, spec: AppSpec, *, anew: Callable[[], AppSpec] | None = None) -> stacks.Deployed:
    """Make the app what the spec says and wait until it is; `anew` gives the spec once the stack is locked."""
    from components.programs import app_program

    def program() -> None:
        app_program(anew() if anew else spec)()

    return stacks.up(stack_of(session, spec.name), program)


def change(session: Session, app: str, edit: Edit) -> AppSpec:
    """Edit the app as it is deployed now; nothing is run when the edit changes nothing and the app is well."""
    now = apps.deployment(session, app)
    before = apps.spec_of(now)
    after = edit(before)
    if after == before and apps.state_of(now) in _WELL:
        return after

    def anew() -> AppSpec:
        """What others changed while we waited for the lock is edited as well, not undone."""
        nonlocal after
        after = edit(apps.spec_of(apps.deployment(session, app)))
        return after

    try:
        deploy(session, after, anew=anew)
    except DeployFailed as exc:
        exc.hint = exc.hint or f"instances from before keep serving until new ones are ready; see them: mf app {app}"
        raise
    return after


def stamp() -> str:
    """Now, to the second, as a mark that rolls an app's pods."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
