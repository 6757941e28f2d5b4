"""Creations that were cut off: forget them, or take over what they made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.errors import UsageError
from engine.state.model import Deployment, Resource

CREATING = "creating"


def without_creations(deployment: Deployment) -> Deployment:
    """The state with no note of creations that were cut off."""
    return replace(deployment, pending=tuple(one for one in deployment.pending if one.type != CREATING))


def pairs(texts: Sequence[str]) -> Mapping[str, str]:
    """Ids by URN, from `URN ID URN ID …`."""
    if len(texts) % 2:
        raise UsageError("each URN must be followed by an ID: found an odd number of entries")
    return dict(zip(texts[::2], texts[1::2], strict=True))


def with_created(deployment: Deployment, ids: Mapping[str, str]) -> Deployment:
    """The state in which these creations have succeeded, with the ids that they led to."""
    done = [one for one in deployment.pending if one.type == CREATING and one.resource.urn in ids]
    resources = list(deployment.resources)
    for operation in done:
        made = replace(operation.resource, id=ids[operation.resource.urn])
        resources = [*(_outlived(one, made) for one in resources if not _is_gone(one, made)), made]
    left = tuple(one for one in deployment.pending if one not in done)
    return replace(deployment, resources=tuple(resources), pending=left)


def strangers(deployment: Deployment, ids: Mapping[str, str]) -> list[str]:
    """URNs for which no creation is pending."""
    known = {one.resource.urn for one in deployment.pending if one.type == CREATING}
    return [urn for urn in ids if urn not in known]


def _is_gone(old: Resource, made: Resource) -> bool:
    return old.urn == made.urn and not old.delete and old.pending_replacement


def _outlived(old: Resource, made: Resource) -> Resource:
    """What the creation replaces waits for its deletion now."""
    return replace(old, delete=True) if old.urn == made.urn and not old.delete else old
