"""Questions about, and rewritings of, whole trees of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.values import UNKNOWN, Archive, Asset, OutputValue, ResourceRef, Secret, Value

_LEAVES: Final = frozenset({str, int, bool, float, type(None), Asset, Archive, ResourceRef})
"""Types that hold no further values; the common case, decided by one look-up."""


def any_value(value: Value, test: Callable[[Value], bool]) -> bool:
    """Whether the test holds for the value or anything inside it."""
    if test(value):
        return True
    return any(any_value(item, test) for item in _children(value))


def has_unknown(value: Value) -> bool:
    """Whether anything in it is only known after the update."""
    kind = type(value)
    if kind in _LEAVES:
        return kind is ResourceRef and value.id is UNKNOWN
    if kind is OutputValue and value.value is UNKNOWN:
        return True
    return value is UNKNOWN or any(has_unknown(item) for item in _children(value))


def has_secret(value: Value) -> bool:
    """Whether anything in it must be encrypted."""
    kind = type(value)
    if kind in _LEAVES:
        return False
    if kind is Secret or (kind is OutputValue and value.secret):
        return True
    return any(has_secret(item) for item in _children(value))


def dependencies_in(value: Value) -> set[str]:
    """URNs of all that the output values in it come from."""
    if type(value) in _LEAVES:
        return set()
    own = set(value.dependencies) if isinstance(value, OutputValue) else set()
    return own.union(*(dependencies_in(item) for item in _children(value)))


def plain(value: Value) -> Any:
    """The same tree with secrets opened and output values resolved; unchanged parts are shared."""
    kind = type(value)
    if kind in _LEAVES or value is UNKNOWN:
        return value
    if kind is Secret or kind is OutputValue:
        return plain(value.value)
    return _rebuilt(value, plain)


def without_outputs(value: Value) -> Any:
    """The same tree with output values turned into what they stand for."""
    kind = type(value)
    if kind in _LEAVES or value is UNKNOWN:
        return value
    if kind is OutputValue:
        inner = without_outputs(value.value)
        return Secret(inner) if value.secret else inner
    if kind is Secret:
        return Secret(without_outputs(value.value))
    return _rebuilt(value, without_outputs)


def without_references(value: Value) -> Any:
    """The same tree with references to resources collapsed to their id, or their URN if they have none."""
    kind = type(value)
    if kind is ResourceRef:
        return value.urn if value.id is None else value.id
    if kind in _LEAVES or value is UNKNOWN:
        return value
    if kind is Secret:
        return Secret(without_references(value.value))
    return _rebuilt(value, without_references)


def masked(value: Value) -> Any:
    """The tree as people may see it: secrets hidden, unknowns by a word."""
    kind = type(value)
    if kind is Secret or (kind is OutputValue and value.secret):
        return "[secret]"
    if kind is Asset or kind is Archive:
        return {"kind": kind.__name__.lower(), "hash": value.hash, "path": value.path or ""}
    if kind is ResourceRef:
        return value.urn
    if value is UNKNOWN:
        return "[unknown]"
    if kind is OutputValue:
        return masked(value.value)
    if kind in _LEAVES:
        return value
    return _rebuilt(value, masked)


def _rebuilt(value: Value, change: Callable[[Value], Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: change(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [change(item) for item in value]
    return value


def _children(value: Value) -> Any:
    if isinstance(value, Mapping):
        return value.values()
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, (Secret, OutputValue)):
        return (value.value,)
    return ()
