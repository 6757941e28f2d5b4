"""The one line of a build's log that says why it failed."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BUILDER = re.compile(
    r"^(error: )?(building at STEP|while running runtime|exit status|exit code|error building|level=|time=)"
    r"|^(subprocess exited|STEP \d|\[\d/\d\]|-->)|A complete log of this run"
    r"|npm (ERR!|error) (A complete|[\w/-]+debug)"
    r"|\[ERROR\] (\[Help|To see|Re-run|For more|->)",
    re.IGNORECASE,
)
_NOISE = re.compile(r"^(\s*|npm (ERR!|error)\s*|\[ERROR\]\s*|note: .*|hint: .*|\[notice\].*)$", re.IGNORECASE)
_TELLING = re.compile(
    r"error|ERR!|fatal|no space left|not found|cannot|can't|denied|undefined|failed|no matching|no such", re.IGNORECASE
)
_MARKS = re.compile(r"^(\x1b\[[0-9;]*m)*((npm )?(ERR!|error)|\[ERROR\]|error:|fatal:)\s*", re.IGNORECASE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
LAST_LINES = 12


def cause(tail: Sequence[str]) -> str:
    """The first telling line of the last output that is not the builder's own word about itself."""
    lines = [_COLOUR.sub("", line).strip() for line in tail]
    own = [line for line in lines if not _BUILDER.search(line) and not _NOISE.match(line)]
    marked = [line for line in own if _MARKS.match(line) or re.search(r"(^|\s)\w*Error\b.*:", line)]
    telling = marked or [line for line in own if _TELLING.search(line)]
    if telling:
        return _MARKS.sub("", telling[0]) or telling[0]
    built = [line for line in lines if line.lower().startswith("error")]
    return (built or own or ["it printed nothing"])[-1]


def last_lines(tail: Sequence[str]) -> tuple[str, ...]:
    """What is worth repeating below the cause."""
    return tuple(line for line in tail if line.strip())[-LAST_LINES:]
