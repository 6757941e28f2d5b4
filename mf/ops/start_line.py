"""A start command as people write it: one line for a shell."""

from __future__ import annotations

import re

_SHELL = ("/bin/sh", "-c")
_SEVERAL = re.compile(r"[;|\n]|(?<!>)&")
_OF_THE_SHELL = frozenset(
    "! . : [ case cd eval exec export for if set trap ulimit umask unset until wait while {".split(" ")  # noqa: SIM905 a list of words reads best as words
)


def argv(line: str) -> tuple[str, str, str]:
    """The shell that runs the line, so that $PORT is filled in when the app starts.

    A line of one program is handed over to it: signals must reach the app, not a shell that is deaf to them.
    """
    return (*_SHELL, f"exec {line}" if _is_one_program(line) else line)


def _is_one_program(line: str) -> bool:
    first = line.split(maxsplit=1)[0] if line.strip() else ""
    simple = first and first not in _OF_THE_SHELL and not first.startswith("(") and "=" not in first
    return bool(simple) and not _SEVERAL.search(line)
