"""What remains of a resource's references once others were found to be gone."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

from engine.deploy.decide.old_states import OldStates
from engine.state.model import Resource


def without(resource: Resource, gone: AbstractSet[str], olds: OldStates) -> Resource:
    """The resource with no references to what is gone; its parent becomes the next one above that is still there."""
    return replace(
        resource,
        parent=_living_parent(resource.parent, gone, olds),
        dependencies=_left(resource.dependencies, gone),
        property_dependencies={key: _left(urns, gone) for key, urns in resource.property_dependencies.items()},
        replace_with=_left(resource.replace_with, gone),
        deleted_with="" if resource.deleted_with in gone else resource.deleted_with,
    )


def _living_parent(urn: str, gone: AbstractSet[str], olds: OldStates) -> str:
    while urn in gone:
        parent = olds.live(urn)
        urn = parent.parent if parent is not None else ""
    return urn


def _left(urns: tuple[str, ...], gone: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(urn for urn in urns if urn not in gone)
