"""One update under guard: waits for another process's lock, and turns what goes wrong into one clear error."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from mf.errors import Locked
from mf.ops.progress import Note, Report

if TYPE_CHECKING:
    from mf.ops.updates import Watcher

Result = TypeVar("Result")
_POLL = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """`title` is how a person calls what is updated; `wait` how long its lock is waited for, in seconds."""

    title: str
    report: Report
    wait: float = 60.0
    hint: str = "wait for it and run the command again, or give it longer with --wait SECONDS"

    def run(self, update: Callable[[], Result], watcher: Watcher) -> Result:
        """The update's result; Locked when others hold it too long, DeployFailed when it fails."""
        from pulumi.automation import CommandError, ConcurrentUpdateError

        deadline = time.monotonic() + self.wait
        waited = False
        while True:
            try:
                return update()
            except ConcurrentUpdateError as exc:
                if time.monotonic() >= deadline:
                    raise self._locked(str(exc)) from exc
                if not waited:
                    self.report(
                        Note(f"another process is changing {self.title}; waiting up to {self.wait:.0f}s for it")
                    )
                waited = True
                time.sleep(_POLL)
            except CommandError as exc:
                if watcher.interrupted:
                    raise KeyboardInterrupt from exc
                raise watcher.failure(str(exc)) from exc

    def _locked(self, text: str) -> Locked:
        holders = [line.strip() for line in text.splitlines() if "created by" in line or "pid" in line]
        by = f" ({holders[0].partition(': ')[2] or holders[0]})" if holders else ""
        return Locked(
            f"{self.title} is still being changed by another process{by}; gave up after {self.wait:.0f}s",
            hint=self.hint,
        )
