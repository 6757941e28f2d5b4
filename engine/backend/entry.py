"""History entries as they are read: every member that commands look at is there, and of its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.errors import StateError

_LATEST: Final = 253402300799
"""The last second of the year 9999."""

_EMPTY: Final[Mapping[str, Any]] = {
    "kind": "",
    "startTime": 0,
    "endTime": 0,
    "message": "",
    "environment": {},
    "config": {},
    "result": "",
}


def complete(tree: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The entry with what is missing as Pulumi takes it; StateError for a member of a wrong type."""
    entry = {**tree, **{key: empty for key, empty in _EMPTY.items() if tree.get(key) is None}}
    for key, empty in _EMPTY.items():
        fits = isinstance(entry[key], type(empty)) and not isinstance(entry[key], bool)
        if not fits or (isinstance(empty, int) and not 0 <= entry[key] <= _LATEST):
            raise StateError(f"{name} has a '{key}' that no update can have")
    changes = entry.get("resourceChanges") or {}
    if not isinstance(changes, Mapping):
        raise StateError(f"{name} has 'resourceChanges' that are no object")
    return entry
