"""Rolling a new version out; when it does not come up, the way back to the one that serves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from components.app_spec import AppSpec
from mf.errors import DeployFailed, MfError
from mf.ops import app_stack, apps
from mf.ops.progress import Note, silent
from mf.ops.push.errors import PushFailed
from mf.ops.push.phases import Phases
from mf.ops.push.watch import Watch
from mf.ops.session import Session

_MOST_LINES = 12


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """From `good` (what serves now, if anything) to `spec`; `undo` takes back what was prepared beside the stack.

    `next_of` makes the spec of the present one: others may change the app while its lock is waited for.
    Where nothing serves, `stop_first` stops what fails, so that nothing crashes for ever; else it is left as it is.
    """

    session: Session
    spec: AppSpec
    next_of: Callable[[AppSpec | None], AppSpec]
    good: AppSpec | None
    undo: Callable[[], None]
    stop_first: bool = True

    def run(self, phases: Phases) -> AppSpec:
        """Deploy and wait, and tell what it became; PushFailed with the cause, after the old version was put back."""
        watch = Watch(self.session, self.spec)
        way_back = _WayBack(self.session, self.good, self.undo, stop_first=self.stop_first)
        failed: PushFailed | None = None
        cause: DeployFailed | None = None
        with phases.phase("deploy", "app", self.spec.name):
            try:
                with watch.running():
                    app_stack.deploy(self.session, self.spec, anew=lambda: self._anew(watch, way_back))
            except DeployFailed as exc:
                failed, cause = self._explain(watch, exc), exc
                raise failed from cause
            finally:
                if failed is not None:
                    way_back.take(watch.spec, failed)
        return watch.spec

    def _anew(self, watch: Watch, way_back: _WayBack) -> AppSpec:
        found = apps.find(self.session, self.spec.name)
        now = apps.spec_of(found) if found else None
        if found and apps.state_of(found) == "running":
            way_back.good = now
        watch.spec = self.next_of(now)
        return watch.spec

    def _explain(self, watch: Watch, exc: DeployFailed) -> PushFailed:
        verdict, log = watch.explain()
        if verdict is None:
            return PushFailed(exc.message, reasons=[*exc.reasons, *log[-_MOST_LINES:]], hint=exc.hint)
        return PushFailed(verdict.text, reasons=log[-_MOST_LINES:], hint=verdict.hint)


@dataclass
class _WayBack:
    """Leaves nothing that crashes for ever: the version that served, or none where there was none."""

    session: Session
    good: AppSpec | None
    undo: Callable[[], None]
    stop_first: bool

    def take(self, bad: AppSpec, failed: PushFailed) -> None:
        """Put the good version back; the failure tells so."""
        if self.good is None and not self.stop_first:
            _tell(failed, f"nothing of {bad.name} served before, so the change is kept; see it: mf app {bad.name}")
            return
        back = self.good or replace(bad, instances=0)
        quiet = replace(self.session, report=silent)
        try:
            self.undo()
            app_stack.deploy(quiet, back, anew=lambda: self._unless_changed(bad, back))
        except MfError as exc:
            self.session.report(Note(f"the way back failed as well: {exc.message}", "error"))
            return
        _tell(failed, self._outcome(bad.name))

    def _unless_changed(self, bad: AppSpec, back: AppSpec) -> AppSpec:
        """Whoever changed the app since it failed has the last word."""
        found = apps.find(self.session, bad.name)
        now = apps.spec_of(found) if found else bad
        return now if now not in (bad, back) else back

    def _outcome(self, name: str) -> str:
        if self.good is None:
            return f"{name} is stopped; push it again once it is mended"
        if self.good.instances == 0:
            return f"{name} is stopped, as it was before"
        return f"the version before keeps serving {name}"


def _tell(failed: PushFailed, what: str) -> None:
    failed.hint = f"{failed.hint}; {what}" if failed.hint else what
