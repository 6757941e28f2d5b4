"""What every way of building offers to `mf push`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mf.ops.detect.model import Recipe

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRequest:
    """One build: the staged source, how to build it, and the repository (`host:port/path`) for the image."""

    app: str
    context: Path
    recipe: Recipe
    repository: str


class Builder(Protocol):
    """`build` makes the image, `upload` puts it into the registry; both hand every log line to `say`."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    def check(self) -> None:
        """BuilderMissing, with what to do, when this machine or platform can't build."""
        ...

    def build(self, request: BuildRequest, say: Say) -> str:
        """The image's id, which means something to `upload` only."""
        ...

    def upload(self, image: str, request: BuildRequest, say: Say) -> str:
        """The image's reference by digest."""
        ...
