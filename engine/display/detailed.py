"""A provider's detailed diff (path by path) as the differences that are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.deploy.decide.step import Step
from engine.display.difference import Change, Differences, between
from engine.errors import UsageError
from engine.provider_api import PropertyDiff
from engine.values import UNKNOWN, OutputValue, Secret, Value
from engine.wire.paths import MISSING, parse


def translate(step: Step, *, refresh: bool = False) -> Differences[str]:
    """Old values come from the old outputs (or inputs, where the diff is one of inputs), new ones from the inputs."""
    root = Change(None, None)
    for path, one in step.detailed.items():
        old, new = _sides(step, one, refresh=refresh)
        _add(root, _steps(path), (one.kind.value.removesuffix("-replace"), old, new))
    return root.members or Differences()


def _sides(step: Step, one: PropertyDiff, *, refresh: bool) -> tuple[Value, Value]:
    old = step.old.inputs if step.old and one.input_diff else step.old.outputs if step.old else {}
    if step.new is None:
        return old, {}
    return old, step.new.outputs if refresh and not one.input_diff else step.new.inputs


def _steps(path: str) -> Sequence[str | int]:
    try:
        return parse(path)
    except UsageError:
        return (path,)


def _add(parent: Change, path: Sequence[str | int], what: tuple[str, Value, Value]) -> None:
    kind, old_parent, new_parent = what
    step = path[0]
    old, new = _child(old_parent, step), _child(new_parent, step)
    into = _differences(parent, step)
    if len(path) == 1:
        _leaf(into, step, (kind, old, new))
    elif _absent(old) and not _absent(new):
        into.adds[step] = new
    elif not _absent(old) and _absent(new):
        into.deletes[step] = old
    else:
        change = into.updates.setdefault(step, Change(old, new))
        _add(change, path[1:], (kind, old, new))


def _leaf(into: Differences[Any], step: str | int, what: tuple[str, Value, Value]) -> None:
    kind, old, new = what
    if kind == "add":
        into.adds[step] = UNKNOWN if new is MISSING else new
    elif kind == "delete":
        into.deletes[step] = UNKNOWN if old is MISSING else old
    else:
        old, new = (None if value is MISSING else value for value in (old, new))
        into.updates[step] = between(old, new) or Change(old, new)


def _differences(parent: Change, step: str | int) -> Differences[Any]:
    if isinstance(step, int):
        parent.items = Differences() if parent.items is None else parent.items
        return parent.items
    # An empty set of differences is false, but must not be thrown away.
    parent.members = Differences() if parent.members is None else parent.members
    return parent.members


def _child(value: Value, step: str | int) -> Value:
    if value is UNKNOWN or isinstance(value, Secret | OutputValue):
        return value
    if isinstance(value, Mapping):
        return value.get(step, MISSING)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return MISSING


def _absent(value: Value) -> bool:
    return value is None or value is MISSING
