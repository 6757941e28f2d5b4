"""Makes a broken state sound where that is possible: right order, and no references into nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine import urn as urns
from engine.errors import StateError
from engine.state.edges import Edge, EdgeKind, edges, provider_of, rewired
from engine.state.model import Deployment, Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What was taken from one resource; its URN changes where its parent is gone or was renamed."""

    old_urn: str
    new_urn: str
    delete: bool
    removed: tuple[Edge, ...]


def in_order(resources: Sequence[Resource]) -> tuple[Resource, ...]:
    """The same resources, each after all it refers to; StateError where they refer to each other in a circle."""
    olds = {item.urn: item for item in resources if item.delete}
    news = {item.urn: item for item in resources if not item.delete}
    done: dict[int, Resource] = {}
    path: dict[int, Resource] = {}

    def needed(item: Resource) -> Iterable[Resource]:
        # Something that is to be deleted can only refer to what was there when it was made.
        first, second = (olds, news) if item.delete else (news, olds)
        for urn in dict.fromkeys([*(edge.urn for edge in edges(item)), provider_of(item)[0]]):
            found = first.get(urn) or second.get(urn)
            if found is not None:
                yield found

    for start in resources:
        # A stack of our own: a chain of dependencies may be longer than Python lets functions call each other.
        waiting = [(start, iter(needed(start)))] if id(start) not in done else []
        path = {id(start): start} if waiting else {}
        while waiting:
            item, rest = waiting[-1]
            following = next((other for other in rest if id(other) not in done), None)
            if following is None:
                waiting.pop()
                path.pop(id(item), None)
                done[id(item)] = item
            elif id(following) in path:
                raise StateError(f"snapshot has cyclic dependencies: {' -> '.join(_circle(path, following))}")
            else:
                path[id(following)] = following
                waiting.append((following, iter(needed(following))))
    return tuple(done.values())


def _circle(path: dict[int, Resource], back_to: Resource) -> list[str]:
    names = [item.urn for item in path.values()]
    return [*names[names.index(back_to.urn) :], back_to.urn]


def pruned(deployment: Deployment) -> tuple[Deployment, list[Pruned]]:
    """The (ordered) state without references into nothing, and what was taken; those to providers stay."""
    present: dict[str, str] = {}
    kept: list[Resource] = []
    report: list[Pruned] = []
    for item in deployment.resources:
        removed = tuple(edge for edge in edges(item) if edge.urn not in present)
        changed = rewired(item, lambda edge: present.get(edge.urn, ""))
        changed = replace(changed, urn=_new_urn(item, changed.parent, present), provider=_provider(item, present))
        if changed.urn != item.urn or removed:
            report.append(Pruned(old_urn=item.urn, new_urn=changed.urn, delete=item.delete, removed=removed))
        present[item.urn] = changed.urn
        kept.append(changed)
    return replace(deployment, resources=tuple(kept)), report


def _new_urn(item: Resource, parent: str, present: dict[str, str]) -> str:
    if not item.parent or (item.parent == parent and item.parent in present):
        return item.urn
    parts = urns.parse(item.urn)
    return urns.build(parts.stack, parts.project, parts.type, name=parts.name, parent=parent)


def _provider(item: Resource, present: dict[str, str]) -> str:
    urn, id = provider_of(item)
    new = present.get(urn, urn)
    return urns.provider_reference(new, id) if new != urn else item.provider


def moved(before: Sequence[Resource], after: Sequence[Resource]) -> list[Resource]:
    """Which resources changed their place themselves: those that have other neighbours on both sides."""
    old = _neighbours(before)
    new = _neighbours(after)
    return [
        item for item in after if all(left != right for left, right in zip(old[item.urn], new[item.urn], strict=True))
    ]


def _neighbours(resources: Sequence[Resource]) -> dict[str, tuple[str, str]]:
    names = ["", *(item.urn for item in resources), ""]
    return {name: (names[at], names[at + 2]) for at, name in enumerate(names[1:-1])}


def report(reordered: Sequence[Resource], changes: Sequence[Pruned]) -> list[str]:
    """What a repair did, line by line."""
    lines: list[str] = []
    if reordered:
        rows = [f"* {item.urn}{' (deleted)' if item.delete else ''}" for item in reordered]
        lines += ["The following resources will be reordered to appear before their dependents:", "", *rows, ""]
    if changes:
        lines += ["The following resources will be modified to remove missing dependencies:", ""]
    for change in changes:
        lines.append(f"~ {change.old_urn}{' (deleted)' if change.delete else ''}")
        if change.new_urn != change.old_urn:
            lines.append(f"  ~ {change.new_urn} [urn]")
        lines += [f"  - {edge.urn} [{_why(edge)}]" for edge in change.removed]
    return lines


def _why(edge: Edge) -> str:
    return f"{edge.kind.value}: {edge.key}" if edge.kind is EdgeKind.PROPERTY else edge.kind.value
