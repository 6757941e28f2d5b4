"""In which order resources are deleted: everything goes before what it needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from engine.state.model import Resource


def references(resource: Resource) -> Iterator[str]:
    """URNs of everything that a resource needs to exist."""
    yield from resource.dependencies
    for urns in resource.property_dependencies.values():
        yield from urns
    yield from resource.replace_with
    for urn in (resource.deleted_with, resource.parent, resource.provider.rpartition("::")[0]):
        if urn:
            yield urn


def users(doomed: Sequence[Resource]) -> list[set[int]]:
    """For each resource (given in the order of the state) the indexes of those that have to go before it."""
    places: dict[str, list[int]] = {}
    for index, resource in enumerate(doomed):
        places.setdefault(resource.urn, []).append(index)
    before: list[set[int]] = [set() for _ in doomed]
    for index, resource in enumerate(doomed):
        for urn in set(references(resource)):
            # Only what stands earlier can be meant; this keeps twins of one URN from forming cycles.
            for needed in places.get(urn, ()):
                if needed < index:
                    before[needed].add(index)
    return before


def needed_by(kept: Iterable[Resource], doomed: Collection[Resource]) -> AbstractSet[str]:
    """URNs that must not be deleted, because something that stays refers to them, be it through others."""
    by_urn = {resource.urn: resource for resource in doomed}
    needed: set[str] = set()
    open_ends = [urn for resource in kept for urn in references(resource)]
    while open_ends:
        urn = open_ends.pop()
        if urn in by_urn and urn not in needed:
            needed.add(urn)
            open_ends.extend(references(by_urn[urn]))
    return needed
