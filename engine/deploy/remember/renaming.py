"""Follow a renamed resource in everything that refers to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.state.model import Resource
from engine.urn import split_provider_reference


def renamed(resource: Resource, names: Mapping[str, str]) -> Resource:
    """The resource with old URNs in its references replaced; its own URN stays."""
    if not _refers(resource, names):
        return resource
    return replace(
        resource,
        parent=names.get(resource.parent, resource.parent),
        provider=renamed_provider(resource.provider, names),
        deleted_with=names.get(resource.deleted_with, resource.deleted_with),
        dependencies=_all(resource.dependencies, names),
        replace_with=_all(resource.replace_with, names),
        property_dependencies={key: _all(urns, names) for key, urns in resource.property_dependencies.items()},
    )


def renamed_provider(reference: str, names: Mapping[str, str]) -> str:
    """The same for a provider reference, whose id stays."""
    if not reference:
        return reference
    urn, id = split_provider_reference(reference)
    return f"{names[urn]}::{id}" if urn in names else reference


def _refers(resource: Resource, names: Mapping[str, str]) -> bool:
    if resource.parent in names or resource.deleted_with in names:
        return True
    if resource.provider and resource.provider.rpartition("::")[0] in names:
        return True
    lists = (resource.dependencies, resource.replace_with, *resource.property_dependencies.values())
    return any(urn in names for urns in lists for urn in urns)


def _all(urns: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(urn, urn) for urn in urns)
