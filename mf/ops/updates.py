"""From Pulumi's engine events to our progress records, and from a failed update to one clear error."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mf.errors import DeployFailed
from mf.ops import engine_choice
from mf.ops.progress import Note, Report, Status, Step

if TYPE_CHECKING:
    from pulumi.automation import EngineEvent
    from pulumi.automation.events import DiagnosticEvent, StepEventMetadata

_COLOUR = re.compile(r"<\{%[^%]*%\}>|\x1b\[[0-9;]*m")
_QUIET = {"same", "read", "refresh", "discard", "discard-replaced", "remove-pending-replace"}
_VERBS = {
    "create-replacement": "create",
    "delete-replaced": "delete",
    "import": "adopt",
}
_NOT_WORTH_SAYING = ("pulumi:pulumi:Stack", "pulumi:providers:")
_FOLLOW_UPS = (
    "update failed",
    "preview failed",
    "update canceled",
    "preview canceled",
    "destroy failed",
    "resource monitor",
    "error: update failed",
)


class Watcher:
    """Turns one update's events into progress, and remembers what went wrong."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._started: dict[str, float] = {}
        self.errors: list[tuple[str, str]] = []
        self.changes: dict[str, int] = {}
        self.told: dict[str, int] = {}
        self.interrupted = False

    def counts(self) -> dict[str, int]:
        """What was or would be done by verb, without the components that only group; and what stays the same."""
        return {**self.told, "same": self.changes.get("same", 0)}

    def hear(self, line: str) -> None:
        """Automation's `on_error`: of what the engine says there, only an interrupt is news."""
        if line.startswith("interrupted"):
            self.interrupted = True
            self._report(Note(line, "warning"))

    def __call__(self, event: EngineEvent) -> None:
        """Automation's `on_event`."""
        if event.resource_pre_event:
            self._begin(event.resource_pre_event.metadata, planned=bool(event.resource_pre_event.planning))
        elif event.res_outputs_event:
            self._end(event.res_outputs_event.metadata, "done", planned=bool(event.res_outputs_event.planning))
        elif event.res_op_failed_event:
            self._end(event.res_op_failed_event.metadata, "failed")
        elif event.diagnostic_event:
            self._say(event.diagnostic_event)
        elif event.summary_event:
            self.changes = {str(getattr(op, "value", op)): n for op, n in event.summary_event.resource_changes.items()}

    def _begin(self, step: StepEventMetadata, *, planned: bool) -> None:
        self._started[step.urn] = time.monotonic()
        self._send(step, "planned" if planned else "started", planned=planned)

    def _end(self, step: StepEventMetadata, state: str, *, planned: bool = False) -> None:
        if not planned:
            self._send(step, state)

    def _send(self, step: StepEventMetadata, state: str, *, planned: bool = False) -> None:
        verb = _verb(step)
        if verb in _QUIET or step.type.startswith(_NOT_WORTH_SAYING) or _is_component(step):
            return
        if state in ("planned", "done"):
            self.told[_VERBS.get(verb, verb)] = self.told.get(_VERBS.get(verb, verb), 0) + 1
        started = self._started.get(step.urn, time.monotonic())
        self._report(
            Step(
                key=f"{verb} {step.urn}",
                verb=_VERBS.get(verb, verb),
                kind=short_kind(step.type),
                name=step.urn.split("::", 3)[-1],
                state=state,
                seconds=time.monotonic() - started,
                planned=planned,
            )
        )

    def _say(self, event: DiagnosticEvent) -> None:
        text = plain(event.message)
        if not text:
            return
        if event.ephemeral:
            self._report(Status(text))
        elif event.severity == "error":
            self.errors.append((event.urn or "", text))
        elif event.severity in ("warning", "info", "info#err"):
            self._report(Note(text, "warning" if event.severity == "warning" else "info"))

    def failure(self, output: str) -> DeployFailed:
        """The first cause as one line; everything else as reasons."""
        causes = [(urn, _without_trace(text)) for urn, text in self.errors if not text.startswith(_FOLLOW_UPS)]
        told = _unique([_blame(urn, text) for urn, text in causes])
        if not told:
            told = _unique(_error_lines(output)) or ["the update failed without saying why"]
        first, *rest = told[0].splitlines()
        reasons = [line for line in rest if line.strip()] + told[1:]
        hint = f"the log: {engine_choice.log_file()}" if "internal error" in output else ""
        return DeployFailed(first, reasons=reasons, hint=hint)


def short_kind(token: str) -> str:
    """`kubernetes:apps/v1:Deployment` → `Deployment`."""
    return token.rsplit(":", 1)[-1]


def plain(text: str) -> str:
    """Without the engine's colour marks."""
    return _COLOUR.sub("", text).strip()


def _is_component(step: StepEventMetadata) -> bool:
    """Components only group others; what is in them is told."""
    state = step.new or step.old
    return state is not None and state.custom is False


def _without_trace(text: str) -> str:
    """Of a Python traceback the exception itself, and then the place that raised it."""
    head, trace, body = text.partition("Traceback (most recent call last):")
    if not trace:
        return text
    lines = [line for line in body.splitlines() if line.strip()]
    at = max((number for number, line in enumerate(lines) if line.startswith("  File ")), default=-1)
    start = next((number for number, line in enumerate(lines) if number > at and not line.startswith(" ")), 0)
    place = [line.strip() for line in lines[at : at + 1] if at >= 0]
    return "\n".join([*lines[start:], *place]) or head.strip()


def _verb(step: StepEventMetadata) -> str:
    return str(getattr(step.op, "value", step.op))


def _blame(urn: str, text: str) -> str:
    if not urn or "pulumi:pulumi:Stack" in urn.split("::")[2].split("$")[-1]:
        return text
    _, _, types, name = urn.split("::", 3)
    kind = short_kind(types)
    return text if text.startswith(f"{kind} ") else f"{kind} {name}: {text}"


def _error_lines(output: str) -> list[str]:
    lines = [plain(line) for line in output.splitlines()]
    return [line.split("error:", 1)[1].strip() for line in lines if "error:" in line] or [
        line for line in lines if line and not line.startswith(("code:", "stdout:"))
    ][-3:]


def _unique(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
