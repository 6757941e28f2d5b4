"""Collects an update's events into the one JSON object that `--json` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.deploy.api import Event


class Digest:
    """A listener that remembers what `preview --json` tells."""

    def __init__(self) -> None:
        self._config: Mapping[str, Any] = {}
        self._steps: list[dict[str, Any]] = []
        self._diagnostics: list[dict[str, Any]] = []

    def take(self, event: Event) -> None:
        """Remember one event."""
        if "preludeEvent" in event:
            self._config = event["preludeEvent"].get("config") or {}
        elif "resourcePreEvent" in event:
            self._steps.append(_step(event["resourcePreEvent"]["metadata"]))
        elif "diagnosticEvent" in event and not event["diagnosticEvent"].get("ephemeral"):
            body = event["diagnosticEvent"]
            self._diagnostics.append(
                {key: body[key] for key in ("urn", "prefix", "message", "severity") if key in body}
            )

    def close(self) -> None:
        """Nothing to let go of."""

    def text(self, changes: Mapping[str, int], seconds: float) -> str:
        """The JSON text."""
        tree: dict[str, Any] = {"config": self._config, "steps": self._steps}
        if self._diagnostics:
            tree["diagnostics"] = self._diagnostics
        return json.dumps({**tree, "duration": int(seconds * 1e9), "changeSummary": dict(changes)}, indent=2)


def _step(meta: Mapping[str, Any]) -> dict[str, Any]:
    step = {"op": meta["op"], "urn": meta["urn"], "provider": meta.get("provider") or ""}
    names = {"oldState": "old", "newState": "new", "replaceReasons": "keys", "diffReasons": "diffs"}
    step |= {ours: meta[theirs] for ours, theirs in names.items() if meta.get(theirs)}
    if meta.get("detailedDiff"):
        step["detailedDiff"] = {
            path: {"kind": item["diffKind"], "inputDiff": item["inputDiff"]}
            for path, item in meta["detailedDiff"].items()
        }
    return step
