"""A support file: a behaviour is a name and a few commands with small programs, each after a change of the cloud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.engine.golden.recorder import Recording

Program = Callable[[], Any]
Change = Callable[[Recording], Any]


@dataclass(frozen=True, kw_only=True)
class Move:
    """One command; `change` is done to the cloud first, and what a former move arranged is undone."""

    verb: str
    program: Program | None = None
    flags: tuple[str, ...] = ()
    change: Change | None = None


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """What is played, and where the facts speak of it."""

    name: str
    facts: str
    moves: Callable[[], list[Move]]
    unordered: bool = False
    """Some of its resources have nothing to do with each other: their calls may come in any order."""


BEHAVIOURS: Final[dict[str, Behaviour]] = {}


def behaviour(facts: str, *, unordered: bool = False) -> Callable[[Callable[[], list[Move]]], Callable[[], list[Move]]]:
    """Register a function that gives the moves; its name is the behaviour's."""

    def register(moves: Callable[[], list[Move]]) -> Callable[[], list[Move]]:
        BEHAVIOURS[moves.__name__] = Behaviour(name=moves.__name__, facts=facts, moves=moves, unordered=unordered)
        return moves

    return register


def up(program: Program, *flags: str, change: Change | None = None) -> Move:
    """`pulumi up`."""
    return Move(verb="up", program=program, flags=flags, change=change)


def preview(program: Program, *flags: str, change: Change | None = None) -> Move:
    """`pulumi preview`."""
    return Move(verb="preview", program=program, flags=flags, change=change)


def refresh(*flags: str, change: Change | None = None) -> Move:
    """`pulumi refresh`."""
    return Move(verb="refresh", flags=flags, change=change)


def destroy(*flags: str, change: Change | None = None) -> Move:
    """`pulumi destroy`."""
    return Move(verb="destroy", flags=flags, change=change)
