"""Changing an app: its spec is read from the Deployment, edited, and rolled out; what fails is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from components.app_spec import AppSpec
from mf.ops import apps
from mf.ops.progress import silent
from mf.ops.push import watch
from mf.ops.push.phases import Phases
from mf.ops.push.rollout import Rollout
from mf.ops.session import Session

Edit = Callable[[AppSpec], AppSpec]
_WELL = ("running", "stopped")


def change(session: Session, app: str, edit: Edit, *, undo: Callable[[], None] = lambda: None) -> AppSpec:
    """Edit the app as it is deployed now; nothing is run when the edit changes nothing and the app is well.

    PushFailed when it does not come up, after the spec from before was put back and `undo` took back what was
    prepared for the change. An app of which nothing served is left as the edit made it: there is nothing to keep up.
    """
    now = apps.deployment(session, app)
    before = apps.spec_of(now)
    after = edit(before)
    is_well = apps.state_of(now) in _WELL
    if after == before and is_well:
        return after

    def next_of(current: AppSpec | None) -> AppSpec:
        """What others changed while we waited for the lock is edited as well, not undone."""
        return edit(current or apps.spec_of(apps.deployment(session, app)))

    good = before if is_well else watch.last_good(session, app)
    rollout = Rollout(session=session, spec=after, next_of=next_of, good=good, undo=undo, stop_first=False)
    return rollout.run(Phases(silent))


def stamp() -> str:
    """Now, to the second, as a mark that rolls an app's pods."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
