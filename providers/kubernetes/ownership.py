"""Field ownership: fields that were set by creating an object become ones that we apply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.kube.client import Kube
from engine.kube.errors import Conflict
from engine.wire.paths import MISSING, Step, delete, expand, get, parse, put

_UPDATERS = ("kubectl", "before-first-apply", "pulumi-kubernetes", "pulumi-resource-kubernetes")
_APPLIERS = ("kubectl",)
_TRIES = 4


def has_forerunners(live: Mapping[str, Any], manager: str) -> bool:
    """Whether a real update would take fields over before it applies anything."""
    return merged(live["metadata"].get("managedFields") or [], manager) is not None


def relinquish(kube: Kube, obj: Mapping[str, Any], manager: str) -> None:
    """Applying nothing gives every field back that this manager alone owns."""
    meta = {key: value for key, value in obj["metadata"].items() if key in ("name", "namespace") and value}
    bare = {"apiVersion": obj["apiVersion"], "kind": obj["kind"], "metadata": meta}
    kube.apply(bare, field_manager=manager)


def following(obj: Mapping[str, Any], live: Mapping[str, Any], manager: str, ignored: Sequence[str]) -> dict[str, Any]:
    """What to apply where changes are ignored: the value that is there now, and nothing where only others set it."""
    fields: dict[bool, dict[str, Any]] = {True: {}, False: {}}
    for entry in live["metadata"].get("managedFields") or []:
        own = entry.get("manager") == manager or _is_forerunner(entry)
        fields[own] = _union(fields[own], entry.get("fieldsV1") or {})
    result: Any = dict(obj)
    for steps in (path for text in ignored for path in expand(obj, parse(text))):
        now = get(live, steps)
        if _has(fields[False], steps) and not _has(fields[True], steps):
            result = delete(result, steps)
        elif now is not MISSING:
            result = put(result, steps, now)
    return dict(result)


def _has(fields: Mapping[str, Any], steps: Sequence[Step]) -> bool:
    for step in steps:
        if f"f:{step}" not in fields:
            return False
        fields = fields[f"f:{step}"]
    return True


def is_ours(live: Mapping[str, Any], manager: str) -> bool:
    """Whether this field manager has ever set a field of the object."""
    return any(entry.get("manager") == manager for entry in live["metadata"].get("managedFields") or ())


def take_over(kube: Kube, live: dict[str, Any], manager: str) -> None:
    """Hand our own earlier creation, and kubectl's doings, to our applying self; else each apply would conflict."""
    for _ in range(_TRIES):
        entries = merged(live["metadata"].get("managedFields") or [], manager)
        if entries is None:
            return
        version = live["metadata"]["resourceVersion"]
        patch = [
            {"op": "replace", "path": "/metadata/managedFields", "value": entries},
            {"op": "replace", "path": "/metadata/resourceVersion", "value": version},
        ]
        try:
            kube.request("PATCH", kube.path_of(live), body=patch, content_type="application/json-patch+json")
            return
        except Conflict:
            live = kube.request("GET", kube.path_of(live))


def merged(entries: list[dict[str, Any]], manager: str) -> list[dict[str, Any]] | None:
    """The list with the forerunners' entries joined to ours; None when there is nothing to join."""
    old = [entry for entry in entries if _is_forerunner(entry)]
    if not old:
        return None
    rest = [entry for entry in entries if not _is_forerunner(entry)]
    own = next((e for e in rest if _is_applied_by(e, manager)), None)
    base = own or {**old[0], "manager": manager, "operation": "Apply"}
    fields = base.get("fieldsV1") or {}
    for entry in old:
        fields = _union(fields, entry.get("fieldsV1") or {})
    return [*(entry for entry in rest if entry is not own), {**base, "fieldsV1": fields}]


def _is_forerunner(entry: Mapping[str, Any]) -> bool:
    names = _UPDATERS if entry.get("operation") == "Update" else _APPLIERS
    return str(entry.get("manager", "")).startswith(names) and not entry.get("subresource")


def _is_applied_by(entry: Mapping[str, Any], manager: str) -> bool:
    return entry.get("manager") == manager and entry.get("operation") == "Apply" and not entry.get("subresource")


def _union(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: _union(a[key], b[key]) for key in a.keys() & b.keys()}
    return {**a, **b, **both}
