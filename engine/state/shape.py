"""Whether a deployment's JSON has the types that it must have, told in one line before anything is made of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.errors import StateError


def check(tree: Mapping[str, Any]) -> None:
    """StateError with the first member of a wrong type. Members that nobody knows may hold anything."""
    _members(tree, _DEPLOYMENT, "the state")
    _members(tree.get("manifest") or {}, _MANIFEST, "the state's manifest")
    for at, item in enumerate(tree.get("resources") or ()):
        _resource(item, f"resource at index {at}")
    for at, item in enumerate(tree.get("pending_operations") or ()):
        name = f"pending operation at index {at}"
        if not isinstance(item, Mapping) or not isinstance(item.get("type"), str):
            raise StateError(f"{name} lacks its type")
        _resource(item.get("resource"), f"the resource of {name}")


def _resource(tree: Any, name: str) -> None:
    if not isinstance(tree, Mapping):
        raise StateError(f"{name} is no object")
    for key in ("urn", "type"):
        if not isinstance(tree.get(key), str) or not tree[key]:
            raise StateError(f"{name} missing required '{key}' field")
    _members(tree, _RESOURCE, f"resource {tree['urn']}")


def _members(tree: Mapping[str, Any], rules: Mapping[str, tuple[str, Callable[[Any], bool]]], name: str) -> None:
    for key in rules.keys() & tree.keys():
        words, fits = rules[key]
        if tree[key] is not None and not fits(tree[key]):
            raise StateError(f"{name} has a '{key}' that is no {words}")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_object(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _are_lists(value: Any) -> bool:
    return isinstance(value, Mapping) and all(item is None or _are_texts(item) for item in value.values())


def _are_timeouts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(key in _TIMEOUTS and _is_seconds(item) for key, item in value.items())


def _is_seconds(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < 1e15 and math.isfinite(value)


_TIMEOUTS: Final = frozenset({"create", "update", "delete", "read"})
_TEXT: Final = ("text", _is_text)
_FLAG: Final = ("true or false", _is_flag)
_OBJECT: Final = ("object", _is_object)
_LIST: Final = ("list", _is_list)
_TEXTS: Final = ("list of texts", _are_texts)
_DEPLOYMENT: Final = {
    "manifest": _OBJECT,
    "secrets_providers": _OBJECT,
    "resources": _LIST,
    "pending_operations": _LIST,
    "metadata": _OBJECT,
}
_MANIFEST: Final = {"version": _TEXT, "magic": _TEXT, "time": _TEXT}
_RESOURCE: Final = {
    **dict.fromkeys(("custom", "delete", "protect", "taint", "external", "pendingReplacement"), _FLAG),
    **dict.fromkeys(("retainOnDelete", "refreshBeforeUpdate"), _FLAG),
    **dict.fromkeys(("id", "parent", "provider", "deletedWith", "importID", "created", "modified", "viewOf"), _TEXT),
    **dict.fromkeys(("dependencies", "replaceWith", "initErrors", "additionalSecretOutputs", "aliases"), _TEXTS),
    **dict.fromkeys(("ignoreChanges", "replaceOnChanges", "hideDiff"), _TEXTS),
    **dict.fromkeys(("inputs", "outputs", "resourceHooks"), _OBJECT),
    "propertyDependencies": ("object of lists of texts", _are_lists),
    "customTimeouts": ("object of create, update, delete and read in seconds", _are_timeouts),
}
