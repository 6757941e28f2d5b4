"""The phases of a push (detect, build, upload, deploy, answer), told with the time that each took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mf.ops.progress import Output, Report, Step


@dataclass(frozen=True)
class Phases:
    """Reports each phase and remembers its seconds."""

    report: Report
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str, kind: str, what: str) -> Iterator[None]:
        """One phase; it ends as failed when the block raises."""
        begun = time.monotonic()
        self._tell(name, kind, what, "started", 0.0)
        state = "failed"
        try:
            yield
            state = "done"
        finally:
            took = time.monotonic() - begun
            self.seconds[name] = round(took, 2)
            self._tell(name, kind, what, state, took)

    def say(self, line: str) -> None:
        """One line of a build's log."""
        self.report(Output(line))

    def _tell(self, name: str, kind: str, what: str, state: str, took: float) -> None:
        self.report(Step(key=f"push {name}", verb=name, kind=kind, name=what, state=state, seconds=took))
