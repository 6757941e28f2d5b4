"""Whether a deployment can be trusted: the rules that Pulumi itself refuses to break, in its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.errors import EngineError, StateError
from engine.state.edges import Edge, EdgeKind, edges
from engine.state.model import Deployment, Resource
from engine.urn import is_provider_type, parse, split_provider_reference

_AFTER: Final = {
    EdgeKind.PARENT: "child resource {own}'s parent {other} comes after it",
    EdgeKind.DEPENDENCY: "resource {own}'s dependency {other} comes after it",
    EdgeKind.PROPERTY: "resource {own}'s property dependency {other} (from property {key}) comes after it",
    EdgeKind.DELETED_WITH: "resource {own} is specified as being deleted with {other}, which comes after it",
    EdgeKind.REPLACE_WITH: "resource {own} is specified as being replaced with {other}, which comes after it",
}
_MISSING: Final = {
    EdgeKind.PARENT: "child resource {own} refers to missing parent {other}",
    EdgeKind.DEPENDENCY: "resource {own}'s dependency {other} refers to missing resource",
    EdgeKind.PROPERTY: "resource {own}'s property dependency {other} (from property {key}) refers to missing resource",
    EdgeKind.DELETED_WITH: "resource {own} is specified as being deleted with {other}, which is missing",
    EdgeKind.REPLACE_WITH: "resource {own} is specified as being replaced with {other}, which is missing",
}


def check(deployment: Deployment) -> None:
    """StateError with the first broken rule; nothing when all hold."""
    fault = next(faults(deployment), None)
    if fault:
        raise StateError(
            f"snapshot integrity failure; refusing to use it: {fault}",
            hint="try `pulumi state repair`, or `stack export`, an editor and `stack import`",
        )


def faults(deployment: Deployment) -> Iterator[str]:
    """Every broken rule, in words."""
    seen: set[str] = set()
    alive: set[str] = set()
    ids: set[tuple[str, str]] = set()
    everything = {resource.urn for resource in deployment.resources}
    for resource in deployment.resources:
        yield from _own_faults(resource)
        if not resource.delete and resource.urn in alive:
            yield f"duplicate resource {resource.urn} (not marked for deletion)"
        yield from _provider_faults(resource, ids)
        for edge in edges(resource):
            if edge.urn not in seen:
                words = _AFTER if edge.urn in everything and edge.urn != resource.urn else _MISSING
                yield _words(words[edge.kind], resource, edge)
        seen.add(resource.urn)
        if is_provider_type(resource.type):
            ids.add((resource.urn, resource.id))
        if not resource.delete:
            alive.add(resource.urn)


def _words(text: str, resource: Resource, edge: Edge) -> str:
    return text.format(own=resource.urn, other=edge.urn, key=edge.key)


def _own_faults(resource: Resource) -> Iterator[str]:
    try:
        parse(resource.urn)
    except EngineError as exc:
        yield exc.message
    if not resource.custom and resource.id:
        yield f"resource '{resource.urn}' has 'custom' false but non-empty ID"


def _provider_faults(resource: Resource, ids: set[tuple[str, str]]) -> Iterator[str]:
    if not resource.provider:
        return
    try:
        known = split_provider_reference(resource.provider) in ids
    except EngineError as exc:
        yield f"failed to parse provider reference for resource {resource.urn}: {exc.message}"
        return
    if not known and not resource.pending_replacement:
        yield f"resource {resource.urn} refers to unknown provider {resource.provider}"
