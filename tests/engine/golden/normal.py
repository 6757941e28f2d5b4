"""A support file: take out of plans and states what differs from run to run."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from engine.wire.signatures import SECRET, SIGNATURE, UNKNOWN_STRING

Tree = dict[str, Any]

_UUID: Final = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_FOLDER: Final = re.compile(r"/[\w/.-]*/(project|state)\b")
_WIDTH: Final = 150
_MACHINE: Final = ("sourcePosition", "stackTrace")
"""What names places of a machine; legal to leave out, and no engine compares it."""


def normal_text(text: str) -> str:
    """A text without ids made up by the engine, without folders and without stack traces."""
    text = text.partition("\nTraceback (most recent")[0]
    return _FOLDER.sub(r"<\1>", _UUID.sub("<uuid>", text.replace(UNKNOWN_STRING, "<unknown>")))


def normal_state(export: Mapping[str, Any]) -> Tree:
    """What `stack export --show-secrets` holds that belongs to the behaviour."""
    deployment = export["deployment"]
    state: Tree = {
        "version": export["version"],
        "resources": [_resource(one) for one in deployment.get("resources", [])],
    }
    pending = [{**one, "resource": _resource(one["resource"])} for one in deployment.get("pending_operations") or []]
    return {**state, "pending": pending} if pending else state


def normal_plan(plan: Mapping[str, Any]) -> Tree:
    """What `preview --json` says of steps and sums."""
    return {"steps": [_step(one) for one in plan.get("steps", [])], "changeSummary": plan.get("changeSummary")}


def _step(step: Mapping[str, Any]) -> Tree:
    told: Tree = {"op": step["op"], "urn": step["urn"]}
    for key in ("replaceReasons", "diffReasons", "detailedDiff"):
        if step.get(key):
            told[key] = step[key]
    for key in ("oldState", "newState"):
        if step.get(key):
            told[key] = {one: _value(item) for one, item in step[key].items() if one in ("inputs", "outputs") and item}
    return told


def _resource(tree: Mapping[str, Any]) -> Tree:
    kept = {key: _value(item) for key, item in sorted(tree.items()) if key not in _MACHINE}
    for key in ("created", "modified"):
        if key in kept:
            kept[key] = "<time>"
    if "created" in tree and "modified" in tree:
        kept["modified"] = "<created>" if tree["modified"] == tree["created"] else "<later>"
    return kept


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return normal_text(value)
    if isinstance(value, list):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return {"<secret>": value.get("plaintext", value.get("value", "<sealed>"))}
        return {key: _value(item) for key, item in sorted(value.items())}
    return value


def compact(tree: Any, indent: int = 0) -> str:
    """JSON text with each small object on one line."""
    flat = json.dumps(tree, ensure_ascii=False)
    if len(flat) + indent <= _WIDTH or not isinstance(tree, dict | list) or not tree:
        return flat
    inner, outer = " " * (indent + 1), " " * indent
    if isinstance(tree, list):
        return "[\n" + ",\n".join(inner + compact(item, indent + 1) for item in tree) + f"\n{outer}]"
    rows = (f"{inner}{json.dumps(key)}: {compact(item, indent + 1)}" for key, item in tree.items())
    return "{\n" + ",\n".join(rows) + f"\n{outer}}}"
