"""The words of the bundle: makers of ingredients, sources of parts, and the parts themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from baremetal.bundle.work import Job

GIB = 2**30


class Lane(StrEnum):
    """What a piece of work mostly keeps busy; each lane has workers of its own."""

    GO = "go"
    DEBIAN = "debian"
    LIGHT = "light"


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What a maker left in its folder, by path relative to it."""

    files: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    packages: Mapping[str, str] = field(default_factory=dict)


class Maker(Protocol):
    """Something that fills a folder with files."""

    @property
    def how(self) -> str:
        """How the thing is had, for people: `official release`, `built from Go modules`."""

    @property
    def lane(self) -> Lane:
        """Where it is worked on."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the ingredients that must be there first."""

    @property
    def space(self) -> int:
        """Bytes on disk that making it takes, roughly."""

    def recipe(self) -> Mapping[str, object]:
        """Everything that decides what comes out, as plain data."""

    def make(self, job: Job) -> Output:
        """Fill `job.folder`."""


class Source(Maker, Protocol):
    """A maker of a part that may be out of reach."""

    def reachable(self) -> bool:
        """Whether everything that it fetches can be fetched from here, found out quickly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    """Something that parts are made of: a program, a root file system, a layer, a set of files."""

    name: str
    version: str
    maker: Maker


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a cluster or platform that others ask for by name."""

    name: str
    version: str
    summary: str
    sources: tuple[Source, ...]
    demo: bool = False
