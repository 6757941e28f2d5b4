"""Property values as the engine holds them: plain Python plus the few kinds that Pulumi adds.

`None`, `bool`, `int`, `float`, `str`, `list` and `dict` stand for themselves (integral numbers are `int`, as JSON
prints them); the classes below stand for the rest. Values are never changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeAlias

Value: TypeAlias = Any
"""None | bool | int | float | str | list[Value] | dict[str, Value] | one of the classes of this module."""

Props: TypeAlias = Mapping[str, Value]


class _Unknown(Enum):
    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown.UNKNOWN
"""A value that is only known after the update; exists in previews alone."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must be encrypted wherever it rests; its text form never shows it."""

    value: Value

    def __repr__(self) -> str:
        return "Secret(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file-like value; exactly one of path, text, uri is set, or none of them when only the hash is left."""

    path: str | None = None
    text: str | None = None
    uri: str | None = None
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A folder-like value; exactly one of assets, path, uri is set, or none of them when only the hash is left."""

    assets: Mapping[str, Asset | Archive] | None = None
    path: str | None = None
    uri: str | None = None
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRef:
    """A reference to a resource; id is None for components and UNKNOWN before creation."""

    urn: str
    id: Value = None
    package_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputValue:
    """An output with its dependencies, as remote components and calls see it; value is UNKNOWN when unresolved."""

    value: Value = UNKNOWN
    secret: bool = False
    dependencies: tuple[str, ...] = ()
