"""What remains of a resource's references once others were found to be gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from engine.provider_api import DiffKind, PropertyDiff
from engine.state.model import Resource

_OPPOSITE: Final = {
    DiffKind.ADD: DiffKind.DELETE,
    DiffKind.ADD_REPLACE: DiffKind.DELETE_REPLACE,
    DiffKind.DELETE: DiffKind.ADD,
    DiffKind.DELETE_REPLACE: DiffKind.ADD_REPLACE,
}


class Lost:
    """URNs that mean nothing any more at one place of the state, where twins may share a URN."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def __contains__(self, urn: object) -> bool:
        return urn in self._parents

    def add(self, resource: Resource) -> None:
        """A resource is gone."""
        self._parents.setdefault(resource.urn, resource.parent)

    def forgive(self, urn: str) -> None:
        """Another resource of that URN is there: whoever comes after it means that one."""
        self._parents.pop(urn, None)

    def living_parent(self, urn: str) -> str:
        """The next one above that is still there."""
        while urn in self._parents:
            urn = self._parents[urn]
        return urn


def without(resource: Resource, lost: Lost) -> Resource:
    """The resource with no references to what is gone; its parent becomes the next one above that is still there."""
    return replace(
        resource,
        parent=lost.living_parent(resource.parent),
        dependencies=_left(resource.dependencies, lost),
        property_dependencies={key: _left(urns, lost) for key, urns in resource.property_dependencies.items()},
        replace_with=_left(resource.replace_with, lost),
        deleted_with="" if resource.deleted_with in lost else resource.deleted_with,
    )


def inverted(detailed: Mapping[str, PropertyDiff]) -> Mapping[str, PropertyDiff]:
    """A difference seen from the other side: what would be added has gone."""
    return {path: replace(one, kind=_OPPOSITE.get(one.kind, one.kind)) for path, one in detailed.items()}


def _left(urns: tuple[str, ...], lost: Lost) -> tuple[str, ...]:
    return tuple(urn for urn in urns if urn not in lost)
