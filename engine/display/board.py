"""What an update's events have told so far: one row a resource, and what belongs to none."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from engine.deploy.api import Event
from engine.deploy.decide.step import Op, Step
from engine.deploy.step_event import StepEvent
from engine.display.look import Look
from engine.display.row import Row, message
from engine.urn import STACK_TYPE


class Renderer(Protocol):
    """Puts the board where it is seen."""

    def changed(self, row: Row, /) -> None: ...

    def said(self, text: str, /) -> None: ...

    def line(self, text: str) -> None: ...

    def finished(self) -> None: ...


class Board:
    """A listener of events; its renderer is told of each row that changes. `lock` guards what other threads read."""

    def __init__(self, look: Look, root: str, renderer: Renderer) -> None:
        self.look = look
        self.renderer = renderer
        self.lock = threading.RLock()
        self.rows: dict[str, Row] = {}
        self.root = root
        """The URN of the stack."""

        self.started = False
        self.stack: Step | None = None
        """The last step of the stack itself, with its outputs."""

        self.sames: set[str] = set()
        self.messages: list[str] = []
        self.policies: list[Mapping[str, Any]] = []
        self.summary: Mapping[str, Any] | None = None
        self.ticks = 0
        self._order = 0
        self._react: Final[Mapping[str, Callable[[Any], None]]] = {
            "preludeEvent": self._on_prelude,
            "diagnosticEvent": self._on_diagnostic,
            "stdoutEvent": self._on_message,
            "policyEvent": self._on_policy,
            "policyRemediationEvent": lambda body: self._on_policy(
                {**body, "enforcementLevel": "remediate", "message": "inputs changed"}
            ),
            "summaryEvent": self._on_summary,
        }

    def take(self, event: Event) -> None:
        """Note one event."""
        if isinstance(event, StepEvent):
            self._on_step(event)
            return
        for kind, react in self._react.items():
            if kind in event:
                react(event[kind])

    def close(self) -> None:
        """No more events: everything is as done as it will ever be."""
        with self.lock:
            pending = [row for row in self.rows.values() if not row.done]
            for row in self.rows.values():
                row.over = True
        if not self.look.terminal:
            for row in pending:
                self._show(row)
        self.renderer.finished()

    def row(self, urn: str) -> Row:
        """The row of a resource, made at need; what belongs to none belongs to the stack."""
        urn = urn or self.root
        if urn not in self.rows:
            self.rows[urn] = Row(urn, self.look, born=self.ticks, hidden=urn != self.root)
        return self.rows[urn]

    def children(self) -> dict[str, list[Row]]:
        """The rows by the parent under which each is shown."""
        found: dict[str, list[Row]] = {}
        for row in self.rows.values():
            if row.urn != self.root:
                parent = row.parent if row.parent in self.rows and row.parent != row.urn else self.root
                found.setdefault(parent, []).append(row)
        return found

    def arrange(self, row: Row) -> None:
        """Give a row its place, once and for all."""
        if not row.order:
            self._order += 1
            row.order = self._order

    def worth_showing(self, step: Step) -> bool:
        """Whether a step deserves a row."""
        if step.op is Op.SAME:
            old, new = step.old, step.new
            return self.look.sames or bool(old and new and old.protect != new.protect)
        return True

    def _on_step(self, event: StepEvent) -> None:
        step = event.step
        if step.op in (Op.READ, Op.READ_REPLACEMENT, Op.DISCARD) and not self.look.reads:
            if step.op is Op.READ:
                what = step.resource.urn.split("::", 3)
                text = f"read {step.resource.type} {what[-1]}"
                self._on_diagnostic({"severity": "info", "message": text, "ephemeral": True})
            return
        with self.lock:
            self.started = True
            row = self.row(step.resource.urn)
            self._above(step)
            if row.is_root or self.worth_showing(step):
                row.hidden = False
            shown = self._apply(event, row, step)
        if shown:
            self._show(row)

    def _apply(self, event: StepEvent, row: Row, step: Step) -> bool:
        """Whether the row is worth another line where lines can't be written over."""
        if "resOpFailedEvent" in event:
            row.failed = True
            for other in self.rows.values():
                other.trouble = True
            row.ended = time.monotonic()
            return True
        if "resourcePreEvent" in event:
            row.step, row.began, row.ended = step, time.monotonic(), None
            return True
        refreshed = row.op == "refresh"
        row.ended = time.monotonic()
        row.step = step
        row.outputs[step.op.value] = step
        if step.resource.type == STACK_TYPE:
            self.stack = step
        if step.op is Op.SAME:
            self.sames.add(row.urn)
        telling = refreshed or (not self.look.preview and step.resource.custom and step.op is not Op.SAME)
        return self.look.terminal or telling

    def _above(self, step: Step) -> None:
        """A parent that has not been heard of yet has a row all the same, shown if something below it is."""
        parent = step.resource.parent
        if parent and parent not in self.rows:
            self.row(parent)
        self.row(self.root)

    def _on_prelude(self, body: Mapping[str, Any]) -> None:
        config = body.get("config") or {}
        lines = [f"    {key}: {config[key]}" for key in sorted(config)] if self.look.config else []
        text = "\n".join(["Configuration:", *lines, ""]) if self.look.config else ""
        if not self.look.terminal:
            self.renderer.line(text)
        elif text:
            self._on_diagnostic({"severity": "info", "message": text})

    def _on_diagnostic(self, body: Mapping[str, Any]) -> None:
        if not message(body, debug=self.look.debug):
            return
        with self.lock:
            self.started = True
            row = self.row(str(body.get("urn") or ""))
            row.hidden = False
            row.notes.add(body)
        self._show(row)

    def _on_message(self, body: Mapping[str, Any]) -> None:
        text = str(body.get("message", ""))
        with self.lock:
            self.started = True
            self.row(self.root)
            self.messages.append(text)
        self.renderer.said(text)

    def _on_policy(self, body: Mapping[str, Any]) -> None:
        self.policies.append(body)

    def _on_summary(self, body: Mapping[str, Any]) -> None:
        self.summary = body

    def _show(self, row: Row) -> None:
        self.renderer.changed(row)
