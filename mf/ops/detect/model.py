"""What a language has to offer to detection, and what detection hands to the build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from mf.errors import UsageError
from mf.ops import start_line

PORT = 8080
USER = 1000


class DetectError(UsageError):
    """The files say nothing, or contradict themselves."""


class Tree(Protocol):
    """The files of an app, as detection sees them."""

    @property
    def names(self) -> frozenset[str]:
        """Relative paths with forward slashes."""
        ...

    def read(self, name: str) -> str:
        """Text of a file; empty when there is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to build one source: the Dockerfile's text, what told us so, and what the person should know."""

    language: str
    because: str
    dockerfile: str
    command: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One way of building; `recipe` gives None when the files are not of this kind."""

    name: str
    looks_for: str
    recipe: Callable[[Tree], Recipe | None]


# The base images run as the app's user; what is installed belongs to root, so that the app can't change it.
AS_ROOT = ("USER root", "ENV HOME=/root")


def shell_command(line: str) -> str:
    """A CMD instruction that runs a shell line, so that $PORT is filled in when the app starts."""
    quoted = [word.replace("\\", "\\\\").replace('"', '\\"') for word in start_line.argv(line)]
    return "CMD [" + ", ".join(f'"{word}"' for word in quoted) + "]"
