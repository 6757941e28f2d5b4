"""Shows an update as a rich difference, each step in full."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.deploy.api import Event
from engine.deploy.decide.step import Op, Step
from engine.deploy.step_event import StepEvent
from engine.display import colour
from engine.display.colour import paint
from engine.display.look import Look
from engine.display.outputs import outputs_text
from engine.display.row import message
from engine.display.step_text import step_text, summary_text
from engine.display.summary import summary_text as counts
from engine.display.words import REPLACING, words
from engine.urn import STACK_TYPE


class DiffView:
    """A listener that writes each step when it begins, and outputs when it ends."""

    def __init__(self, out: Callable[[str], None], look: Look) -> None:
        self._out = out
        self._look = look
        self._seen: dict[str, Step] = {}
        self._errors = 0

    def take(self, event: Event) -> None:
        """Show one event."""
        text = self._text(event)
        if text:
            self._out(paint(text, self._look.colour).removesuffix("\n"))

    def close(self) -> None:
        """Nothing to let go of."""

    def _text(self, event: Event) -> str:
        if isinstance(event, StepEvent):
            return self._step(event)
        if "diagnosticEvent" in event:
            body: Mapping[str, Any] = event["diagnosticEvent"]
            return message(body, debug=self._look.debug) + "\n" if message(body, debug=self._look.debug) else ""
        if "stdoutEvent" in event:
            return str(event["stdoutEvent"]["message"])
        if "summaryEvent" in event:
            return counts(event["summaryEvent"], errored=self._errors)
        return ""

    def _step(self, event: StepEvent) -> str:
        step = event.step
        if "resOpFailedEvent" in event:
            self._errors += 1
            return ""
        if "resourcePreEvent" in event:
            self._seen[step.resource.urn] = step
            if step.op is Op.REFRESH or not self._is_shown(step):
                return ""
            return step_text(step, self._look, indent=self._indent(step))
        return self._ended(step) if self._is_shown(step) else ""

    def _ended(self, step: Step) -> str:
        began = self._seen.get(step.resource.urn)
        refresh = began is not None and began.op is Op.REFRESH
        indent = self._indent(step)
        if refresh and step.op is Op.UPDATE:
            return step_text(step, self._look, indent=indent, refresh=True)
        text = outputs_text(step, self._look, indent=indent + 1, refresh=refresh)
        heading = ""
        if refresh and (step.op is not Op.REFRESH or text or step.resource.type == STACK_TYPE):
            heading = summary_text(step, self._look, indent=indent)
        if not text or not self._look.outputs:
            return heading
        title = f"{words(step.op).colour}{'    ' * (indent + 1)}--outputs:--{colour.RESET}\n"
        return heading + title + text

    def _is_shown(self, step: Step) -> bool:
        if step.resource.type == STACK_TYPE:
            return True
        if step.op is Op.SAME:
            changed = step.old is not None and step.new is not None and step.old.protect != step.new.protect
            return self._look.sames or changed
        parts = REPLACING - {"replace", "import-replacement"}
        return self._look.replacement_steps or step.op.value not in parts

    def _indent(self, step: Step) -> int:
        depth, parent = 0, step.resource.parent
        while parent and parent in self._seen:
            above = self._seen[parent]
            depth += self._is_shown(above)
            parent = above.resource.parent
        return depth


def in_full(events: Sequence[Event], look: Look) -> list[str]:
    """The steps of a preview that was shown already, for those who ask for details."""
    found: list[str] = []
    view = DiffView(found.append, replace(look, full_output=True))
    for event in events:
        if isinstance(event, StepEvent):
            view.take(event)
    return [line for text in found for line in text.split("\n")]
