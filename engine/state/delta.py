"""What changed between two states of one list, in as few bytes as the change has: runs that stay, and new members."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

_T = TypeVar("_T")


def changes(before: tuple[_T, ...], after: tuple[_T, ...]) -> list[range | _T]:
    """The parts that `after` is made of: ranges of `before`, and members that are not in it."""
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    middle = before[head : len(before) - tail]
    places = {id(item): at for at, item in enumerate(middle, head)}
    parts: list[range | _T] = [range(head)] if head else []
    for item in after[head : len(after) - tail]:
        at = places.get(id(item))
        parts.append(item if at is None else range(at, at + 1))
    if tail:
        parts.append(range(len(before) - tail, len(before)))
    return _joined(parts)


def text(parts: Sequence[range | _T], write: Callable[[_T], str]) -> str:
    """The parts as JSON: a range as [first, end], a new member as it is written."""
    return (
        f"[{', '.join(f'[{part.start}, {part.stop}]' if isinstance(part, range) else write(part) for part in parts)}]"
    )


def applied(before: Sequence[Any], parts: Sequence[Any]) -> list[Any]:
    """The list after a change, all of it as plain JSON trees."""
    after: list[Any] = []
    for part in parts:
        if isinstance(part, list):
            after.extend(before[part[0] : part[1]])
        else:
            after.append(part)
    return after


def _shared(before: tuple[_T, ...], after: tuple[_T, ...]) -> int:
    """How many members both begin with; by halves, as comparing slices of the same objects costs next to nothing."""
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        if before[low:middle] == after[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _joined(parts: list[range | _T]) -> list[range | _T]:
    joined: list[range | _T] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, range) and isinstance(last, range) and last.stop == part.start:
            joined[-1] = range(last.start, part.stop)
        else:
            joined.append(part)
    return joined
