"""Takes resources from one stack's state into another's, with copies of the providers that they need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from engine import urn as urns
from engine.errors import StateError
from engine.state.edges import Edge, EdgeKind, provider_of, rewired
from engine.state.model import Deployment, Resource

_PROVIDERS_STAY = "cannot move providers. Only resources can be moved, and providers will be included automatically"


@dataclass(frozen=True, slots=True)
class Broken:
    """A reference that a move has to cut."""

    urn: str
    edge: Edge

    def __str__(self) -> str:
        other = self.edge.urn
        return {
            EdgeKind.DEPENDENCY: f"{self.urn} has a dependency on {other}",
            EdgeKind.PROPERTY: f"{self.urn} ({self.edge.key}) has a property dependency on {other}",
            EdgeKind.DELETED_WITH: f"{self.urn} is marked as deleted with {other}",
            EdgeKind.REPLACE_WITH: f"{self.urn} is marked as replace with {other}",
        }.get(self.edge.kind, f"{self.urn} is a child of {other}")


@dataclass(slots=True, kw_only=True)
class Move:
    """A planned move: both states as they would be, what moves, and what is cut on either side."""

    source: Deployment
    dest: Deployment
    chosen: tuple[Resource, ...]
    missing: tuple[str, ...]
    broken_source: list[Broken] = field(default_factory=list)
    broken_dest: list[Broken] = field(default_factory=list)


def plan(source: Deployment, dest: Deployment, root: Resource, names: Sequence[str], *, parents: bool) -> Move:
    """Plan to move resources beneath `root`, the (perhaps new) root of the destination's state."""
    chosen, missing = _chosen(source, names, parents=parents)
    gone = {item.urn for item in chosen}
    rest = tuple(item for item in source.resources if item.urn not in gone)
    if not any(item.urn == root.urn for item in dest.resources):
        dest = replace(dest, resources=(root, *dest.resources))
    move = Move(source=source, dest=dest, chosen=chosen, missing=missing)
    move.source = replace(source, resources=tuple(_cut(item, gone, move.broken_source) for item in rest))
    wanted = {item.provider for item in chosen if item.provider}
    providers = [item for item in rest if urns.provider_reference(item.urn, item.id) in wanted]
    _arrive(move, root, providers, {item.urn for item in rest})
    return move


def _chosen(source: Deployment, names: Sequence[str], *, parents: bool) -> tuple[tuple[Resource, ...], tuple[str, ...]]:
    by_urn = {item.urn: item for item in source.resources}
    found = [by_urn[name] for name in names if name in by_urn]
    if any(urns.is_provider_type(item.type) for item in found):
        raise StateError(_PROVIDERS_STAY)
    if not found:
        raise StateError("no resources found to move", hint="`pulumi stack --show-urns` lists them")
    chosen = {item.urn for item in found}
    if parents:
        chosen |= {urn for item in found for urn in _ancestors(item, by_urn)}
    for item in source.resources:
        if item.parent in chosen and not urns.is_provider_type(item.type):
            chosen.add(item.urn)
    chosen = {urn for urn in chosen if by_urn[urn].type != urns.STACK_TYPE}
    moving = tuple(item for item in source.resources if item.urn in chosen)
    return moving, tuple(name for name in names if name not in by_urn)


def _ancestors(item: Resource, by_urn: dict[str, Resource]) -> Iterator[str]:
    while (parent := by_urn.get(item.parent)) is not None and parent.type != urns.STACK_TYPE:
        yield parent.urn
        item = parent


def _cut(item: Resource, gone: set[str], broken: list[Broken]) -> Resource:
    """The resource without its references (but that to its parent) to some others."""

    def turn(edge: Edge) -> str:
        if edge.kind is EdgeKind.PARENT or edge.urn not in gone:
            return edge.urn
        broken.append(Broken(item.urn, edge))
        return ""

    return rewired(item, turn)


def _arrive(move: Move, root: Resource, providers: Sequence[Resource], staying: set[str]) -> None:
    there = {item.urn: item for item in move.dest.resources}
    arrived: list[Resource] = []
    names: dict[str, str] = {}
    references: dict[str, str] = {}
    for item in (*providers, *move.chosen):
        new = _at_home(_cut(item, staying, move.broken_dest), root, names, references)
        twin = there.get(new.urn)
        if twin is not None and not urns.is_provider_type(item.type):
            raise StateError(f"resource {new.urn} already exists in destination stack")
        if twin is not None and twin.id != new.id and twin.inputs != new.inputs:
            raise StateError(f"provider {new.urn} already exists in destination stack")
        names[item.urn] = new.urn
        references[urns.provider_reference(item.urn, item.id)] = urns.provider_reference(new.urn, (twin or new).id)
        if twin is None:
            arrived.append(new)
    move.dest = replace(move.dest, resources=(*move.dest.resources, *arrived))


def _at_home(item: Resource, root: Resource, names: dict[str, str], references: dict[str, str]) -> Resource:
    """The resource with the names that it and its neighbours have in the destination."""
    target = urns.parse(root.urn)
    parent = names.get(item.parent, root.urn)
    own = urns.parse(item.urn)
    changed = rewired(item, lambda edge: parent if edge.kind is EdgeKind.PARENT else names.get(edge.urn, ""))
    provider = references.get(item.provider, "")
    if item.provider and not provider:
        raise StateError(f"provider {provider_of(item)[0]} of {item.urn} is not in the source stack")
    urn = urns.build(target.stack, target.project, own.type, name=own.name, parent=parent)
    return replace(changed, urn=urn, parent=parent, provider=provider)
