"""In which order resources are deleted: everything goes before what it needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from engine.deploy.decide.references import needed, references
from engine.state.model import Resource


def users(doomed: Sequence[Resource]) -> list[set[int]]:
    """For each resource (given in the order of the state) the indexes of those that have to go before it."""
    places: dict[str, list[int]] = {}
    for index, resource in enumerate(doomed):
        places.setdefault(resource.urn, []).append(index)
    children = _children(doomed)
    before: list[set[int]] = [set() for _ in doomed]
    for index, resource in enumerate(doomed):
        above = {place for urn in set(references(resource)) for place in places.get(urn, ())}
        # Who depends on a component depends on all that it is made of.
        used = {place for urn in set(needed(resource)) for place in _parts(urn, children)}
        # Only what stands earlier can be meant; this keeps twins of one URN from forming cycles.
        for place in (*above, *used):
            if place < index:
                before[place].add(index)
    return before


def _children(doomed: Sequence[Resource]) -> dict[str, list[tuple[int, str]]]:
    """Places and URNs of what each component is the parent of."""
    children: dict[str, list[tuple[int, str]]] = {one.urn: [] for one in doomed if not one.custom}
    for index, resource in enumerate(doomed):
        if resource.parent in children:
            children[resource.parent].append((index, resource.urn))
    return children


def _parts(component: str, children: Mapping[str, Sequence[tuple[int, str]]]) -> Iterator[int]:
    for index, urn in children.get(component, ()):
        yield index
        yield from _parts(urn, children)


def needed_by(kept: Iterable[Resource], doomed: Collection[Resource]) -> AbstractSet[str]:
    """URNs that must not be deleted, because something that stays refers to them, be it through others."""
    by_urn = {resource.urn: resource for resource in doomed}
    kept_too: set[str] = set()
    open_ends = [urn for resource in kept for urn in references(resource)]
    while open_ends:
        urn = open_ends.pop()
        if urn in by_urn and urn not in kept_too:
            kept_too.add(urn)
            open_ends.extend(references(by_urn[urn]))
    return kept_too
