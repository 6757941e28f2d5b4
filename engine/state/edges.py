"""What one resource of a state refers to, and how to change that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from engine.state.model import Resource
from engine.urn import split_provider_reference


class EdgeKind(StrEnum):
    """Why a resource refers to another, in the words that reports use."""

    PARENT = "parent"
    DEPENDENCY = "dependency"
    PROPERTY = "property dependency"
    DELETED_WITH = "deleted with"
    REPLACE_WITH = "replace with"


@dataclass(frozen=True, slots=True)
class Edge:
    """One reference; `key` names the property of a property dependency. Providers are no edges."""

    kind: EdgeKind
    urn: str
    key: str = ""


def edges(resource: Resource) -> Iterator[Edge]:
    """All references of a resource but the one to its provider."""
    if resource.parent:
        yield Edge(EdgeKind.PARENT, resource.parent)
    for urn in resource.dependencies:
        yield Edge(EdgeKind.DEPENDENCY, urn)
    for key, urns in resource.property_dependencies.items():
        for urn in urns:
            yield Edge(EdgeKind.PROPERTY, urn, key)
    if resource.deleted_with:
        yield Edge(EdgeKind.DELETED_WITH, resource.deleted_with)
    for urn in resource.replace_with:
        yield Edge(EdgeKind.REPLACE_WITH, urn)


def rewired(resource: Resource, turn: Callable[[Edge], str]) -> Resource:
    """The resource with each reference turned into another; an empty answer drops it."""

    def one(kind: EdgeKind, urn: str) -> str:
        return turn(Edge(kind, urn)) if urn else ""

    def several(kind: EdgeKind, urns: tuple[str, ...], key: str = "") -> tuple[str, ...]:
        return tuple(new for new in (turn(Edge(kind, urn, key)) for urn in urns) if new)

    return replace(
        resource,
        parent=one(EdgeKind.PARENT, resource.parent),
        dependencies=several(EdgeKind.DEPENDENCY, resource.dependencies),
        property_dependencies={
            key: several(EdgeKind.PROPERTY, urns, key) for key, urns in resource.property_dependencies.items()
        },
        deleted_with=one(EdgeKind.DELETED_WITH, resource.deleted_with),
        replace_with=several(EdgeKind.REPLACE_WITH, resource.replace_with),
    )


def provider_of(resource: Resource) -> tuple[str, str]:
    """URN and id of the provider; two empty texts where there is none."""
    return split_provider_reference(resource.provider) if resource.provider else ("", "")
