"""Random texts under rules: which kinds of characters may occur, and how many of each must."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.provider_api import CheckFailure

SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
DEFAULTS = {
    "lower": True,
    "upper": True,
    "numeric": True,
    "special": True,
    "minLower": 0,
    "minUpper": 0,
    "minNumeric": 0,
    "minSpecial": 0,
}
_LETTERS = {"Lower": string.ascii_lowercase, "Upper": string.ascii_uppercase, "Numeric": string.digits}


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of characters and how many of it there must be at least."""

    characters: str
    least: int


def renamed(props: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs with `numeric` instead of `number`, its old name."""
    if props.get("number") is None or props.get("numeric") is not None:
        return dict(props)
    return {**props, "numeric": props["number"]}


def groups(props: Mapping[str, Any]) -> list[Group]:
    """The kinds of characters that the inputs allow or demand."""
    alphabets = {**_LETTERS, "Special": props.get("overrideSpecial") or SPECIAL}
    return [
        Group(characters, int(props[f"min{kind}"]))
        for kind, characters in alphabets.items()
        if props[kind.lower()] or props[f"min{kind}"]
    ]


def draw(length: int, kinds: list[Group]) -> str:
    """A text of that length with at least as many of each kind as demanded, in random order."""
    must = [secrets.choice(kind.characters) for kind in kinds for _ in range(kind.least)]
    pool = "".join(kind.characters for kind in kinds)
    text = must + [secrets.choice(pool) for _ in range(length - len(must))]
    secrets.SystemRandom().shuffle(text)
    return "".join(text)


def failures(props: Mapping[str, Any]) -> list[CheckFailure]:
    """Why no text can meet the inputs."""
    if not isinstance(props.get("length"), int):
        return []
    kinds = groups({**DEFAULTS, **props})
    least = sum(kind.least for kind in kinds)
    if props["length"] < max(1, least):
        return [CheckFailure("length", f"length is {props['length']}; it must be at least {max(1, least)}")]
    if not kinds:
        return [CheckFailure("", "no kind of characters is allowed; set one of lower, upper, numeric, special")]
    return []
