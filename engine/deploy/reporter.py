"""Tells the world what happens in an update, and counts it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping

from engine.deploy import events
from engine.deploy.api import Event
from engine.deploy.decide.step import MECHANICAL, Op, Step
from engine.errors import EngineError
from engine.provider_api import Severity
from engine.urn import is_default_provider
from engine.wire.diff import equal


class Reporter:
    """Emits events in order, from whatever thread they come."""

    def __init__(self, emit: Callable[[Event], None], *, preview: bool) -> None:
        self._emit = emit
        self._preview = preview
        self._lock = threading.Lock()
        self._changes: Counter[str] = Counter()

    @property
    def changes(self) -> Mapping[str, int]:
        """Logical steps by kind, so far."""
        return dict(self._changes)

    def say(self, event: Event) -> None:
        """Emit any event."""
        with self._lock:
            self._emit(event)

    def before(self, step: Step) -> None:
        """A step begins."""
        if not _is_hidden(step):
            self.say(events.before(step, planning=self._preview))

    def after(self, step: Step) -> None:
        """A step is done."""
        if _is_hidden(step):
            return
        if _counts(step):
            self._changes[step.op.value] += 1
        self.say(events.after(step, planning=self._preview))

    def outputs(self, step: Step) -> None:
        """A component's outputs arrived; its step was counted before."""
        self.say(events.after(step, planning=self._preview))

    def failed(self, step: Step) -> None:
        """A step failed."""
        self.say(events.failed(step))

    def log(self, severity: int, message: str, *, urn: str = "", ephemeral: bool = False) -> None:
        """A line for people."""
        self.say(events.diagnostic(Severity(severity), message, urn=urn, ephemeral=ephemeral))

    def error(self, error: EngineError, urn: str = "") -> None:
        """A failure, with what would be right."""
        text = f"{error.message}\n  {error.hint}" if error.hint else error.message
        self.log(Severity.ERROR, text, urn=urn)


def _counts(step: Step) -> bool:
    if step.op in (Op.READ, Op.REFRESH):
        # Looking something up is worth a word only where something else was found than the last time.
        before, now = step.old, step.new
        return step.op is Op.READ and before is not None and now is not None and not equal(before.outputs, now.outputs)
    return step.op not in MECHANICAL


def _is_hidden(step: Step) -> bool:
    # Nobody asked for default providers by name.
    return is_default_provider(step.resource.urn)
