"""Single edits of a state: take a resource out, rename one, mark some. Each returns the state as it is afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from engine import urn as urns
from engine.errors import StateError
from engine.state.edges import Edge, edges, provider_of, rewired
from engine.state.lookup import check_urn, not_found
from engine.state.model import Deployment, Resource


def without(deployment: Deployment, doomed: Resource, *, force: bool, dependents: bool) -> Deployment:
    """The state without a resource; StateError while others need it (unless those go too) or it is protected."""
    _check_protection(doomed, force)
    needing = dependents_of(deployment, doomed)
    if needing and not dependents:
        rows = "".join(f" * {json.dumps(urns.name_of(item.urn)):<15} ({item.urn})\n" for item in needing)
        raise StateError(
            f"{doomed.urn} can't be safely deleted because the following resources depend on it:\n{rows}"
            "\nDelete those resources first or pass --target-dependents."
        )
    for item in needing:
        _check_protection(item, force)
    gone = {id(doomed), *(id(item) for item in needing)}
    return replace(deployment, resources=tuple(item for item in deployment.resources if id(item) not in gone))


def _check_protection(resource: Resource, force: bool) -> None:
    if resource.protect and not force:
        raise StateError(
            f"{resource.urn} can't be safely deleted because it is protected. "
            "Re-run this command with --force to force deletion"
        )


def dependents_of(deployment: Deployment, resource: Resource) -> list[Resource]:
    """What needs a resource, directly or not, and could not turn to a twin of the same URN instead."""
    place = next(at for at, item in enumerate(deployment.resources) if item is resource)
    others = {item.urn for item in deployment.resources[:place]}
    gone = {resource.urn: {resource.id}}
    found = []
    for item in deployment.resources[place + 1 :]:
        if _needs(item, gone, others):
            found.append(item)
            gone.setdefault(item.urn, set()).add(item.id)
        else:
            others.add(item.urn)
    return found


def _needs(item: Resource, gone: dict[str, set[str]], others: set[str]) -> bool:
    urn, id = provider_of(item)
    if id in gone.get(urn, ()):
        return True
    return any(edge.urn in gone and edge.urn not in others for edge in edges(item))


def marked(deployment: Deployment, names: Sequence[str], change: Callable[[Resource], Resource]) -> Deployment:
    """The state with some resources changed; StateError that tells every name that no resource has."""
    eligible = [item.urn for item in deployment.resources if not item.delete]
    missing = [not_found(name, eligible) for name in names if name not in set(eligible)]
    if missing:
        raise StateError("\n".join(missing))
    return _changed(deployment, lambda item: change(item) if item.urn in names else item)


def all_marked(deployment: Deployment, change: Callable[[Resource], Resource]) -> Deployment:
    """The state with every resource changed that is not about to be deleted."""
    return _changed(deployment, change)


def _changed(deployment: Deployment, change: Callable[[Resource], Resource]) -> Deployment:
    resources = (item if item.delete else change(item) for item in deployment.resources)
    return replace(deployment, resources=tuple(resources))


def renamed(deployment: Deployment, old: str, name: str) -> Deployment:
    """The state with a resource under another name; what refers to it follows, and children take its place on."""
    check_urn(old)
    present = [item.urn for item in deployment.resources]
    if old not in present:
        raise StateError(not_found(old, present))
    if present.count(old) > 1:
        raise StateError("The input URN ambiguously refers to multiple resources")
    names = _names(deployment, old, str(replace(urns.parse(old), name=name)))
    others = set(present) - names.keys()
    if taken := others & set(names.values()):
        if names[old] in taken:
            raise StateError("The chosen new urn for the state corresponds to an already existing resource")
        raise StateError(f"failed to update: {min(taken)} is there already")
    return replace(deployment, resources=tuple(_follow(item, names) for item in deployment.resources))


def _names(deployment: Deployment, old: str, new: str) -> dict[str, str]:
    """New URNs by old ones: the resource itself, and its children where its type's path changed."""
    names = {old: new} if new != old else {}
    for item in deployment.resources:
        parent = names.get(item.parent)
        if parent is None:
            continue
        parts = urns.parse(item.urn)
        moved = urns.build(parts.stack, parts.project, parts.type, name=parts.name, parent=parent)
        if moved != item.urn:
            names[item.urn] = moved
    return names


def _follow(item: Resource, names: dict[str, str]) -> Resource:
    def turn(edge: Edge) -> str:
        return names.get(edge.urn, edge.urn)

    provider, id = provider_of(item)
    return replace(
        rewired(item, turn),
        urn=names.get(item.urn, item.urn),
        provider=urns.provider_reference(names[provider], id) if provider in names else item.provider,
    )
