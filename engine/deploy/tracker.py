"""Which resources are there yet: function calls that depend on them have to know."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Entry:
    custom: bool
    missing: bool


class Tracker:
    """Notes every registration from its begin to its end, under its parent; used from the engine's loop."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._children: dict[str, list[str]] = {}
        self._in_flight: Counter[str] = Counter()
        self._moved: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @contextmanager
    def under_way(self, parent: str) -> Iterator[None]:
        """While a child of that resource is being registered."""
        self._in_flight[parent] += 1
        try:
            yield
        finally:
            self._in_flight[parent] -= 1
            self._tell()

    def note(self, urn: str, parent: str, *, custom: bool, made: bool) -> None:
        """A resource has been dealt with; one that is not `made` will only be after the update."""
        if urn not in self._entries:
            self._children.setdefault(parent, []).append(urn)
        self._entries[urn] = _Entry(custom, custom and not made)
        self._tell()

    async def has_missing(self, roots: Iterable[str]) -> bool:
        """Whether any of the resources, or of those in the components among them, is not made yet."""
        while True:
            components = self._components(roots)
            if components is None:
                return True
            if not any(self._in_flight[one] for one in components):
                return False
            await asyncio.shield(self._moved)

    def _components(self, roots: Iterable[str]) -> set[str] | None:
        """The components that are reached without passing a custom resource; None when one of those is missing."""
        components: set[str] = set()
        ahead = list(roots)
        while ahead:
            urn = ahead.pop()
            entry = self._entries.get(urn)
            if entry is None or urn in components:
                continue
            if entry.missing:
                return None
            if not entry.custom:
                components.add(urn)
                ahead.extend(self._children.get(urn, ()))
        return components

    def _tell(self) -> None:
        self._moved.set_result(None)
        self._moved = asyncio.get_running_loop().create_future()
