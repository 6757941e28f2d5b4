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
_NOISE = re.compile(
    r"^(\s*|npm (ERR!|error)\s*(code \w+)?|\[ERROR\]\s*|note: .*|hint: .*|\[notice\].*)$", re.IGNORECASE
)
_TELLING = re.compile(
    r"error|ERR!|fatal|no space left|not found|cannot|can't|denied|undefined|failed|no matching|no such", re.IGNORECASE
)
_MARK = re.compile(r"^(npm (ERR!|error)|ERR!|\[ERROR\]|error:|fatal:)\s*", re.IGNORECASE)
_RAISED = re.compile(r"^[\w.]*(Error|Exception)\b.*:")
_PLACE = re.compile(r"^\S+\.\w+:\[?\d+")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
LAST_LINES = 8
_WIDTH = 200


def cause(log: Sequence[str], *, at_end: bool = False) -> str:
    """The telling line: of a build the first one, as what follows is its consequence; of a crash the last one."""
    lines = [_COLOUR.sub("", line).strip() for line in log]
    own = [line for line in lines if not _BUILDER.search(line) and not _NOISE.match(line)]
    marked = [line for line in own if _MARK.match(line) or _RAISED.match(line)]
    placed = [line for line in own if _PLACE.match(_MARK.sub("", line))]
    best = (marked or placed) if at_end else (placed or marked)
    telling = best or [line for line in own if _TELLING.search(line)]
    if not telling:
        telling = (
            [line for line in lines if line.lower().startswith("error")][-1:] or own[-1:] or ["it printed nothing"]
        )
    return _short(_MARK.sub("", telling[-1 if at_end else 0]))


def last_lines(log: Sequence[str]) -> tuple[str, ...]:
    """What is worth repeating below the cause: what the step itself printed last."""
    own = [line for line in log if line.strip() and not _BUILDER.search(line.strip())]
    return tuple(map(_short, own[-LAST_LINES:]))


def _short(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
