"""Which commands there are, and how a command line finds its own."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
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
        most, given = len(self.arguments), len(words)
        endless = any("..." in name for name in self.arguments)
        hint = f"usage: pulumi {self.usage()}"
        if needed == most and given != most and not endless:
            raise UsageError(f"accepts {most} arg(s), received {given}", hint=hint)
        if given < needed:
            raise UsageError(f"requires at least {needed} arg(s), only received {given}", hint=hint)
        if given > most and not endless:
            raise UsageError(f"accepts at most {most} arg(s), received {given}", hint=hint)

    def usage(self) -> str:
        """The command line in short."""
        return " ".join([*self.path, *self.arguments])


_NOUNS: Final = (
    "about",
    "cancel",
    "config",
    "import_",
    "login",
    "plugin",
    "stack",
    "stack_list",
    "stack_rename",
    "stack_show",
    "stack_state",
    "stack_export",
    "stack_graph",
    "stack_secrets",
    "state",
    "state_move",
    "state_repair",
    "tag",
    "update",
)
"""The modules of this package that each bring a tuple COMMANDS."""

_OTHER_VERBS: Final[Mapping[str, tuple[str, ...]]] = {
    "update": ("up",),
    "down": ("destroy",),
    "dn": ("destroy",),
    "pre": ("preview",),
}
_OTHER_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "copy": ("cp",),
    "delete": ("rm",),
    "list": ("ls",),
    "new": ("init",),
    "remove": ("rm",),
    "rm": ("delete",),
}
"""Other names of commands, of the first word and of later ones; a command's own name goes before them."""

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
    """The command of a command line, and the rest of that line; an error that names one that is not ours."""
    table = commands()
    reader = Reader(argv)
    path: tuple[str, ...] = ()
    while (word := reader.next_word(EVERYWHERE, SHORT)) is not None:
        longer = _known((*path, word), table)
        if longer is None:
            break
        path = longer
        reader.accept_word()
    command = table.get(path)
    if word is not None and (command is None or not command.arguments):
        raise _unknown(path, word, table)
    if command is None:
        command = Command(path=path, summary="", run=_show_group)
    try:
        line = reader.rest({**EVERYWHERE, **command.flags}, {**SHORT, **command.short})
    except UsageError as error:
        raise _with_nearest(command, error) from error
    if not line.on("help"):
        command.check(line.words)
    return command, line


def _known(path: tuple[str, ...], table: Mapping[tuple[str, ...], Command]) -> tuple[str, ...] | None:
    """The words by which the table knows the beginning of a command, other names of it understood."""
    *above, word = path
    names = [word, *(_OTHER_NAMES if above else _OTHER_VERBS).get(word, ())]
    for name in names:
        found = (*above, name)
        if any(known[: len(found)] == found for known in table):
            return found
    return None


def _unknown(
    path: tuple[str, ...], word: str, table: Mapping[tuple[str, ...], Command]
) -> UsageError | UnsupportedError:
    from engine.command.refused import remedy  # late: nearly every command line is understood

    asked = (*path, word)
    right = remedy(asked)
    if right is not None:
        return UnsupportedError(
            f"`pulumi {' '.join(asked)}` is not supported by the embedded engine; nothing was changed", hint=right
        )
    near = _near(word, {known[len(path)] for known in table if known[: len(path)] == path and len(known) > len(path)})
    return UsageError(
        f'unknown command "{word}" for "{" ".join(("pulumi", *path))}"',
        hint=f"did you mean `{' '.join(('pulumi', *path, near))}`?" if near else "`pulumi --help` lists what there is",
    )


def _near(word: str, names: Iterable[str]) -> str:
    from difflib import get_close_matches

    found = get_close_matches(word, sorted(names), n=1)
    return found[0] if found else ""


def _with_nearest(command: Command, error: UsageError) -> UsageError:
    """The same complaint with the nearest flag of the command."""
    name = error.message.rpartition("--")[2]
    near = _near(name, {*EVERYWHERE, *command.flags}) if error.message.startswith("unknown flag") else ""
    hint = f"did you mean --{near}?" if near else f"`pulumi {' '.join(command.path)} --help` lists the flags"
    return UsageError(error.message, hint=hint)


def _show_group(session: Session, _line: Line) -> int:
    from engine.command.manual import overview  # late: only help needs it

    session.out(overview())
    return 0
