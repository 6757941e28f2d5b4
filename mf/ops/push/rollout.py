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
    """

    session: Session
    spec: AppSpec
    next_of: Callable[[AppSpec | None], AppSpec]
    good: AppSpec | None
    undo: Callable[[], None]

    def run(self, phases: Phases) -> AppSpec:
        """Deploy and wait, and tell what it became; PushFailed with the cause, after the old version was put back."""
        watch = Watch(self.session, self.spec)
        failed: PushFailed | None = None
        cause: DeployFailed | None = None
        with phases.phase("deploy", "app", self.spec.name):
            try:
                with watch.running():
                    app_stack.deploy(self.session, self.spec, anew=lambda: self._anew(watch))
            except DeployFailed as exc:
                failed, cause = self._explain(watch, exc), exc
                raise failed from cause
            finally:
                if failed is not None:
                    self._back_out(failed)
        return watch.spec

    def _anew(self, watch: Watch) -> AppSpec:
        found = apps.find(self.session, self.spec.name)
        watch.spec = self.next_of(apps.spec_of(found) if found else None)
        return watch.spec

    def _explain(self, watch: Watch, exc: DeployFailed) -> PushFailed:
        verdict, log = watch.explain()
        if verdict is None:
            return PushFailed(exc.message, reasons=[*exc.reasons, *log[-_MOST_LINES:]], hint=exc.hint)
        return PushFailed(verdict.text, reasons=log[-_MOST_LINES:], hint=verdict.hint)

    def _back_out(self, failed: PushFailed) -> None:
        """Leave nothing that crashes for ever: the version that served, or none where there was none."""
        name = self.spec.name
        back = self.good or replace(self.spec, instances=0)
        quiet = replace(self.session, report=silent)
        try:
            self.undo()
            app_stack.deploy(quiet, back)
        except MfError as exc:
            self.session.report(Note(f"the way back failed as well: {exc.message}", "error"))
            return
        told = (
            f"the version before keeps serving {name}"
            if self.good
            else f"{name} is stopped; push it again once it is mended"
        )
        failed.hint = f"{failed.hint}; {told}" if failed.hint else told
