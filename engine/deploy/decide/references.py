"""What a resource needs to exist: everything that it refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol


class Referring(Protocol):
    """A resource of the state, or the goal of one."""

    @property
    def parent(self) -> str: ...
    @property
    def provider(self) -> str: ...
    @property
    def deleted_with(self) -> str: ...
    @property
    def dependencies(self) -> tuple[str, ...]: ...
    @property
    def replace_with(self) -> tuple[str, ...]: ...
    @property
    def property_dependencies(self) -> Mapping[str, tuple[str, ...]]: ...


def references(one: Referring) -> Iterator[str]:
    """URNs of everything that a resource needs; some may come twice."""
    yield from needed(one)
    if one.parent:
        yield one.parent


def needed(one: Referring) -> Iterator[str]:
    """The same without the parent, which a child does not use but belongs to."""
    yield from one.dependencies
    for urns in one.property_dependencies.values():
        yield from urns
    yield from one.replace_with
    for urn in (one.deleted_with, one.provider.rpartition("::")[0]):
        if urn:
            yield urn
