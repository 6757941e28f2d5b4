"""What an operation tells while it works: a closed set of small records, handed to a `Report` callback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One resource at work: `state` is `started`, `done` or `failed`; `seconds` counts from its own start."""

    key: str
    verb: str
    kind: str
    name: str
    state: str
    seconds: float = 0
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A line for the person: `level` is `info`, `warning` or `error`."""

    text: str
    level: str = "info"


@dataclass(frozen=True, slots=True)
class Status:
    """What is going on right now; only worth showing until the next one."""

    text: str


@dataclass(frozen=True, slots=True)
class Output:
    """One line of somebody else's output, such as a build's log; shown as it is."""

    text: str


Progress: TypeAlias = Step | Note | Status | Output
Report: TypeAlias = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """A report that nobody reads."""
