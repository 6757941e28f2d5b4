"""Reads a command line as Pulumi's own parser does: words, flags anywhere, `--` ends the flags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from engine.errors import UnsupportedError, UsageError

_TRUE: Final = frozenset(("1", "t", "T", "TRUE", "true", "True"))
_FALSE: Final = frozenset(("0", "f", "F", "FALSE", "false", "False"))


class Kind(Enum):
    """What a flag takes."""

    SWITCH = "switch"
    TEXT = "text"
    LIST = "list"
    REFUSED = "refused"
    """Known to Pulumi, but this engine can't do it: it takes a value or not, and is an error either way."""


SWITCH, TEXT, LIST, REFUSED = Kind.SWITCH, Kind.TEXT, Kind.LIST, Kind.REFUSED

EVERYWHERE: Final[Mapping[str, Kind]] = {
    "color": TEXT,
    "cwd": TEXT,
    "disable-integrity-checking": SWITCH,
    "emoji": SWITCH,
    "fully-qualify-stack-names": SWITCH,
    "help": SWITCH,
    "logflow": SWITCH,
    "logtostderr": SWITCH,
    "memprofilerate": TEXT,
    "non-interactive": SWITCH,
    "otel-traces": TEXT,
    "profiling": TEXT,
    "stack": TEXT,
    "tracing": TEXT,
    "tracing-header": TEXT,
    "verbose": TEXT,
}
"""Flags that every command takes; those about logs and traces of Pulumi's own program have nothing to act on here."""

SHORT: Final[Mapping[str, str]] = {
    "C": "cwd",
    "a": "all",
    "d": "debug",
    "e": "emoji",
    "f": "skip-preview",
    "h": "help",
    "i": "show-secrets-in-state",
    "j": "json",
    "m": "message",
    "p": "parallel",
    "r": "refresh",
    "s": "stack",
    "t": "target",
    "v": "verbose",
    "y": "yes",
}


@dataclass(slots=True)
class Line:
    """A command line that was read: flags by long name, and the words that are left."""

    switches: dict[str, bool] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def on(self, name: str) -> bool:
        """Whether a switch is on."""
        return self.switches.get(name, False)

    def text(self, name: str, default: str = "") -> str:
        """A flag's value."""
        return self.texts.get(name, default)

    def list(self, name: str) -> list[str]:
        """All values of a flag that may be repeated."""
        return self.lists.get(name, [])


class Reader:
    """Goes through a command line once; the flags it knows may grow as the command becomes clear."""

    def __init__(self, parts: Sequence[str]) -> None:
        self._parts = list(parts)
        self._at = 0
        self.line = Line()

    def next_word(self, flags: Mapping[str, Kind], short: Mapping[str, str]) -> str | None:
        """The next word that is no flag; flags before it are taken in. None at the end or at a flag not known yet."""
        while self._at < len(self._parts):
            part = self._parts[self._at]
            if part == "--":
                return None
            if not part.startswith("-") or part == "-":
                return part
            if self._name(part, short) not in flags:
                return None
            self._at += 1
            self._take(part, flags, short)
        return None

    def accept_word(self) -> None:
        """Move past the word that `next_word` showed."""
        self._at += 1

    def rest(self, flags: Mapping[str, Kind], short: Mapping[str, str]) -> Line:
        """Everything that is left, now that all flags are known."""
        while self._at < len(self._parts):
            part = self._parts[self._at]
            self._at += 1
            if part == "--":
                self.line.words.extend(self._parts[self._at :])
                break
            if part.startswith("-") and part != "-":
                self._take(part, flags, short)
            else:
                self.line.words.append(part)
        return self.line

    def _name(self, part: str, short: Mapping[str, str]) -> str:
        name = part.partition("=")[0]
        return name[2:] if name.startswith("--") else short.get(name[1:2], name)

    def _take(self, part: str, flags: Mapping[str, Kind], short: Mapping[str, str]) -> None:
        name = self._name(part, short)
        kind = flags.get(name)
        if kind is None:
            plain = part.partition("=")[0]
            raise UsageError(
                f"unknown flag: {plain}" if part.startswith("--") else f"unknown shorthand flag: '{part[1]}' in {part}"
            )
        if kind is Kind.REFUSED:
            raise UnsupportedError(f"flag --{name} is not supported by the embedded engine; nothing was changed")
        value = self._attached(part)
        if kind is Kind.SWITCH and value and not part.startswith("--") and part[2] != "=":
            self.line.switches[name] = True
            self._take(f"-{value}", flags, short)
            return
        if kind is Kind.SWITCH:
            self.line.switches[name] = value is None or _truth(value, part)
            return
        if value is None:
            if self._at >= len(self._parts):
                raise UsageError(f"flag needs an argument: --{name}")
            value = self._parts[self._at]
            self._at += 1
        if kind is Kind.LIST:
            self.line.lists.setdefault(name, []).append(value)
        else:
            self.line.texts[name] = value

    def _attached(self, part: str) -> str | None:
        if "=" in part:
            return part.partition("=")[2]
        return part[2:] if not part.startswith("--") and len(part) > 2 else None


def _truth(text: str, part: str) -> bool:
    """What Go takes for true and false; a guess could change what a person only wanted to see."""
    if text not in _TRUE | _FALSE:
        flag = part.partition("=")[0]
        raise UsageError(f'invalid argument "{text}" for "{flag}" flag: write true or false')
    return text in _TRUE
