"""Whether a deployment can be trusted: the rules that Pulumi itself refuses to break."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import EngineError, StateError
from engine.state.model import Deployment, Resource
from engine.urn import parse, split_provider_reference


def check(deployment: Deployment) -> None:
    """StateError with the first broken rule; nothing when all hold."""
    fault = next(faults(deployment), None)
    if fault:
        raise StateError(
            f"the state is not sound: {fault}", hint="repair it with `stack export`, an editor and `stack import`"
        )


def faults(deployment: Deployment) -> Iterator[str]:
    """Every broken rule, in words."""
    seen: set[str] = set()
    alive: set[str] = set()
    ids: set[tuple[str, str]] = set()
    for resource in deployment.resources:
        yield from _own_faults(resource)
        if not resource.delete and resource.urn in alive:
            yield f"{resource.urn} is there twice, and neither is to be deleted"
        yield from _order_faults(resource, seen, ids)
        seen.add(resource.urn)
        ids.add((resource.urn, resource.id))
        if not resource.delete:
            alive.add(resource.urn)


def _own_faults(resource: Resource) -> Iterator[str]:
    try:
        parse(resource.urn)
    except EngineError as exc:
        yield exc.message
    if not resource.custom and resource.id:
        yield f"component {resource.urn} has an id ('{resource.id}')"


def _order_faults(resource: Resource, seen: set[str], ids: set[tuple[str, str]]) -> Iterator[str]:
    if resource.parent and resource.parent not in seen:
        yield f"{resource.urn} comes before its parent {resource.parent}"
    needed = {*resource.dependencies}.union(*resource.property_dependencies.values())
    for urn in sorted(needed - seen):
        yield f"{resource.urn} comes before {urn}, which it depends on"
    if resource.provider and not resource.pending_replacement:
        try:
            present = split_provider_reference(resource.provider) in ids
        except EngineError as exc:
            yield exc.message
            return
        if not present:
            yield f"{resource.urn} needs provider {resource.provider}, which is not there before it"
