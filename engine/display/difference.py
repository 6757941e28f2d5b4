"""What differs between two trees of property values, kept in the shape in which it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from engine.values import OutputValue, ResourceRef, Secret, Value

K = TypeVar("K", str, int)


@dataclass(slots=True)
class Differences(Generic[K]):
    """The members of a map (by key) or of a list (by index) that were added, deleted, changed, or stayed."""

    adds: dict[K, Value] = field(default_factory=dict)
    deletes: dict[K, Value] = field(default_factory=dict)
    sames: dict[K, Value] = field(default_factory=dict)
    updates: dict[K, Change] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.adds or self.deletes or self.updates)

    def names(self) -> list[K]:
        """All members, in order."""
        return sorted(self.adds.keys() | self.deletes.keys() | self.sames.keys() | self.updates.keys())


@dataclass(slots=True)
class Change:
    """A value that changed; for two maps, or two lists, also what of them did."""

    old: Value
    new: Value
    members: Differences[str] | None = None
    items: Differences[int] | None = None


def between_maps(old: Mapping[str, Value], new: Mapping[str, Value]) -> Differences[str]:
    """What differs between two maps; what SDKs keep for themselves (`__…`) is left out."""
    found: Differences[str] = Differences()
    for key in sorted({*old, *new}):
        if not is_internal(key):
            _compare(found, key, old, new)
    return found


def between(old: Value, new: Value) -> Change | None:
    """What differs between two values; None when nothing does."""
    if isinstance(old, list | tuple) and isinstance(new, list | tuple):
        items: Differences[int] = Differences()
        for index in range(max(len(old), len(new))):
            _compare_item(items, index, old, new)
        return Change(old, new, items=items) if items else None
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        members = between_maps(old, new)
        return Change(old, new, members=members) if members else None
    return None if same(old, new) else Change(old, new)


def same(old: Value, new: Value) -> bool:
    """Whether two values are equal; a map without a key equals one where it is null."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return all(same(old.get(key), new.get(key)) for key in {*old, *new})
    if isinstance(old, list | tuple) and isinstance(new, list | tuple):
        return len(old) == len(new) and all(same(one, other) for one, other in zip(old, new, strict=True))
    if isinstance(old, Secret) and isinstance(new, Secret):
        return same(old.value, new.value)
    if isinstance(old, ResourceRef) and isinstance(new, ResourceRef):
        return (old.urn, old.id) == (new.urn, new.id)
    return isinstance(old, bool) == isinstance(new, bool) and bool(old == new)


def is_internal(key: str) -> bool:
    """Whether a property is nobody's business but the SDK's."""
    return key.startswith("__")


def _has_value(value: Value) -> bool:
    return value is not None and not (isinstance(value, OutputValue) and value.value is None)


def _compare(found: Differences[str], key: str, old: Mapping[str, Value], new: Mapping[str, Value]) -> None:
    if key not in new:
        if _has_value(old[key]):
            found.deletes[key] = old[key]
    elif key not in old:
        if _has_value(new[key]):
            found.adds[key] = new[key]
    else:
        _compare_both(found, key, old[key], new[key])


def _compare_both(found: Differences[str], key: str, old: Value, new: Value) -> None:
    change = between(old, new)
    if change is None:
        found.sames[key] = old
    elif not _has_value(old):
        found.adds[key] = new
    elif not _has_value(new):
        found.deletes[key] = old
    else:
        found.updates[key] = change


def _compare_item(found: Differences[int], index: int, old: Sequence[Value], new: Sequence[Value]) -> None:
    if index >= len(old):
        found.adds[index] = new[index]
    elif index >= len(new):
        found.deletes[index] = old[index]
    else:
        change = between(old[index], new[index])
        if change is None:
            found.sames[index] = old[index]
        else:
            found.updates[index] = change
