"""Which commands there are, and how a command line finds its own."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from engine.command.flags import EVERYWHERE, SHORT, Kind, Line, Reader
from engine.command.session import Session
from engine.errors import UnsupportedError, UsageError

Handler: TypeAlias = Callable[[Session, Line], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: its words, flags, how many arguments it takes, and what runs it."""

    path: tuple[str, ...]
    summary: str
    run: Handler
    flags: Mapping[str, Kind] = field(default_factory=dict)
    short: Mapping[str, str] = field(default_factory=dict)
    """One-letter flags that mean something else here than elsewhere."""

    arguments: tuple[str, ...] = ()
    """Names of the arguments, `[OPTIONAL]` and `[MANY...]` in brackets, as the help prints them."""

    def check(self, words: Sequence[str]) -> None:
        """UsageError when too few or too many arguments are given."""
        needed = sum(1 for name in self.arguments if not name.startswith("["))
        endless = any("..." in name for name in self.arguments)
        if len(words) < needed or (len(words) > len(self.arguments) and not endless):
            raise UsageError(f"`pulumi {self.usage()}` does not take {len(words)} argument(s)", hint="see --help")

    def usage(self) -> str:
        """The command line in short."""
        return " ".join([*self.path, *self.arguments])


_NOUNS: Final = (
    "about",
    "cancel",
    "config",
    "login",
    "plugin",
    "stack",
    "stack_rename",
    "stack_state",
    "state",
    "state_move",
    "state_repair",
    "tag",
    "update",
)
"""The modules of this package that each bring a tuple COMMANDS."""

_table: dict[tuple[str, ...], Command] = {}


def commands() -> Mapping[tuple[str, ...], Command]:
    """All commands by their words."""
    if not _table:
        found: dict[tuple[str, ...], Command] = {}
        for noun in _NOUNS:
            for command in importlib.import_module(f"engine.command.{noun}").COMMANDS:
                if command.path in found:
                    raise ValueError(f"two modules bring the command '{' '.join(command.path)}'")
                found[command.path] = command
        _table.update(found)
    return _table


def find(argv: Sequence[str]) -> tuple[Command, Line]:
    """The command of a command line, and the rest of that line; UnsupportedError for one that is not ours."""
    table = commands()
    reader = Reader(argv)
    path: tuple[str, ...] = ()
    while (word := reader.next_word(EVERYWHERE, SHORT)) is not None:
        longer = (*path, word)
        if not any(known[: len(longer)] == longer for known in table):
            break
        path = longer
        reader.accept_word()
    command = table.get(path)
    if command is None or (word is not None and not command.arguments):
        asked = " ".join([*path, *([word] if word is not None else [])])
        raise UnsupportedError(
            f"`pulumi {asked}` is not supported by the embedded engine; nothing was changed",
            hint="`pulumi --help` lists what is",
        )
    line = reader.rest({**EVERYWHERE, **command.flags}, {**SHORT, **command.short})
    if not line.on("help"):
        command.check(line.words)
    return command, line


def help_text(command: Command | None = None) -> str:
    """What `--help` prints."""
    if command is None:
        rows = [f"  {' '.join(item.path):<18} {item.summary}" for item in commands().values()]
        return "\n".join(["Usage: pulumi COMMAND", "", "Commands of the embedded engine:", *sorted(rows)])
    rows = [f"  --{name}" for name in sorted({**EVERYWHERE, **command.flags})]
    return "\n".join([f"Usage: pulumi {command.usage()} [flags]", "", command.summary, "", "Flags:", *rows])
