"""Colours as marks within texts, turned into a terminal's codes (or into nothing) where a text leaves the program."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from engine.errors import UsageError


class Colour(StrEnum):
    """What becomes of the marks; RAW keeps them."""

    ALWAYS = "always"
    NEVER = "never"
    RAW = "raw"


_MARK: Final = re.compile(r"<\{%(reset|bold|underline|(?:fg|bg) \d{1,3})%\}>")
_WORDS: Final = {"reset": "0", "bold": "1", "underline": "4"}
_LAYERS: Final = {"fg": "38", "bg": "48"}


def mark(word: str) -> str:
    """The mark of `reset`, `bold`, `underline`, `fg N` or `bg N`."""
    return f"<{{%{word}%}}>"


RESET: Final = mark("reset")
BOLD: Final = mark("bold")
RED: Final = mark("fg 1")
GREEN: Final = mark("fg 2")
YELLOW: Final = mark("fg 3")
MAGENTA: Final = mark("fg 5")
BRIGHT_BLACK: Final = mark("fg 8")
BRIGHT_RED: Final = mark("fg 9")
BRIGHT_GREEN: Final = mark("fg 10")
BRIGHT_BLUE: Final = mark("fg 12")
BRIGHT_MAGENTA: Final = mark("fg 13")
BRIGHT_CYAN: Final = mark("fg 14")
HEADLINE: Final = BRIGHT_MAGENTA + BOLD
COLUMN: Final = mark("underline") + BRIGHT_BLUE


def chosen(flag: str, environment: Mapping[str, str], *, terminal: bool) -> Colour:
    """What `--color` means here; `auto` colours terminals whose owner does not object."""
    if flag in ("", "auto"):
        return Colour.ALWAYS if terminal and "NO_COLOR" not in environment else Colour.NEVER
    try:
        return Colour(flag)
    except ValueError as exc:
        raise UsageError(
            f"unsupported color option: '{flag}'.  Supported values are: auto, always, never, raw"
        ) from exc


def coloured(text: str, paints: str) -> str:
    """The text in a colour that ends before the line does."""
    bare = text.removesuffix("\n")
    return f"{paints}{bare}{RESET}{text[len(bare) :]}" if bare else text


def headline(text: str) -> str:
    """A heading."""
    return f"{HEADLINE}{text}{RESET}"


def paint(text: str, colour: Colour) -> str:
    """The text as it leaves the program."""
    if colour is Colour.RAW or "<{%" not in text:
        return text
    return _MARK.sub("" if colour is Colour.NEVER else _code, text)


def _code(match: re.Match[str]) -> str:
    layer, _, number = match[1].partition(" ")
    return f"\x1b[{_LAYERS[layer]};5;{number}m" if number else f"\x1b[{_WORDS[layer]}m"


def width(text: str) -> int:
    """How many cells of a terminal the text takes."""
    bare = _MARK.sub("", text)
    return len(bare) if bare.isascii() else sum(_cells(char) for char in bare)


def _cells(char: str) -> int:
    if unicodedata.combining(char) or char in "\u200d\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def clamp(text: str, limit: int) -> str:
    """As much of the text as fits, its colour ended."""
    if width(text) <= limit:
        return text
    kept, at, room = "", 0, max(limit, 0)
    while at < len(text):
        found = _MARK.match(text, at)
        if found:
            kept += found[0]
            at = found.end()
            continue
        room -= _cells(text[at])
        if room < 0:
            break
        kept += text[at]
        at += 1
    return kept + RESET if "<{%" in kept else kept
