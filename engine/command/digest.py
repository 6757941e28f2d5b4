"""Collects a preview's events into the one JSON object that `--json` prints."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from engine.deploy.api import Event
from engine.deploy.decide.step import Op, Step
from engine.deploy.step_event import StepEvent
from engine.display.look import Look
from engine.display.words import REPLACING
from engine.state.model import Resource
from engine.state.record import Sealer, dump_resource
from engine.urn import STACK_TYPE


class Digest:
    """A listener that remembers what `preview --json` tells, and writes it at the end."""

    def __init__(self, out: Callable[[str], None], look: Look) -> None:
        self._out = out
        self._look = look
        self._config: Mapping[str, Any] = {}
        self._steps: dict[str, dict[str, Any]] = {}
        self._diagnostics: list[dict[str, Any]] = []
        self._summary: Mapping[str, Any] = {}
        self._refreshed: set[str] = set()

    def take(self, event: Event) -> None:
        """Remember one event."""
        if isinstance(event, StepEvent):
            self._on_step(event)
        elif "preludeEvent" in event:
            self._config = event["preludeEvent"].get("config") or {}
        elif "diagnosticEvent" in event:
            self._on_diagnostic(event["diagnosticEvent"])
        elif "stdoutEvent" in event:
            self._diagnostics.append({"message": event["stdoutEvent"]["message"], "severity": "info"})
        elif "summaryEvent" in event:
            self._summary = event["summaryEvent"]

    def close(self) -> None:
        """Write the JSON text."""
        tree: dict[str, Any] = {
            "config": self._config,
            "steps": list(self._steps.values()),
            "diagnostics": self._diagnostics,
            "duration": int(self._summary.get("durationSeconds", 0) * 1e9),
            "changeSummary": self._summary.get("resourceChanges") or {},
            "maybeCorrupt": self._summary.get("maybeCorrupt"),
        }
        self._out(json.dumps({key: item for key, item in tree.items() if item}, indent=4, ensure_ascii=False))

    def _on_diagnostic(self, body: Mapping[str, Any]) -> None:
        if body.get("ephemeral") or body.get("severity") == "debug":
            return
        row = {"urn": body.get("urn"), "message": f"{body.get('prefix', '')}{body['message']}"}
        row["severity"] = body.get("severity")
        self._diagnostics.append({key: item for key, item in row.items() if item})

    def _on_step(self, event: StepEvent) -> None:
        step, urn = event.step, event.step.resource.urn
        if not self._is_told(step):
            return
        if "resourcePreEvent" in event:
            if step.op is Op.REFRESH:
                self._refreshed.add(urn)
            self._steps[f"{urn} {step.op}"] = self._row(step)
        elif "resOutputsEvent" in event and urn in self._refreshed and step.op in (Op.UPDATE, Op.DELETE):
            # What a refresh comes to is only known when the provider has answered.
            self._steps[f"{urn} {Op.REFRESH}"] = self._row(step)

    def _is_told(self, step: Step) -> bool:
        if step.resource.type == STACK_TYPE:
            return True
        if step.op is Op.SAME:
            changed = step.old is not None and step.new is not None and step.old.protect != step.new.protect
            return self._look.sames or changed
        return self._look.replacement_steps or step.op.value not in REPLACING - {"replace", "import-replacement"}

    def _row(self, step: Step) -> dict[str, Any]:
        row: dict[str, Any] = {"op": step.op.value, "urn": step.resource.urn}
        if step.resource.provider:
            row["provider"] = step.resource.provider
        states = {"oldState": step.old, "newState": step.new}
        row |= {key: self._state(state) for key, state in states.items() if state is not None}
        reasons = {"diffReasons": list(step.diffs), "replaceReasons": list(step.keys)}
        row |= {key: item for key, item in reasons.items() if item}
        row["detailedDiff"] = {
            path: {"kind": one.kind.value, "inputDiff": one.input_diff} for path, one in step.detailed.items()
        } or None
        return row

    def _state(self, resource: Resource) -> dict[str, Any]:
        tree = dump_resource(resource, _Mask(None))
        if resource.type == STACK_TYPE and not self._look.outputs:
            tree.pop("inputs", None)
            tree.pop("outputs", None)
        return tree


class _Mask(Sealer):
    """Writes a word where a secret would be."""

    def seal(self, *_: Any) -> Any:
        """The word."""
        return "[secret]"
