"""`pulumi stack ls`: which stacks there are, when they were updated, and how large they are."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from engine.backend.api import StackSummary, qualified
from engine.command.flags import SWITCH, TEXT, Line
from engine.command.session import Session
from engine.command.table import Command
from engine.deploy.api import StackId
from engine.display import colour
from engine.display.colour import paint
from engine.errors import UsageError

_AGES: Final = ((60, 1, "second"), (3600, 60, "minute"), (86400, 3600, "hour"), (604800, 86400, "day"))
_LONG_AGES: Final = ((2629800, 604800, "week"), (31557600, 2629800, "month"), (float("inf"), 31557600, "year"))


def list_stacks(session: Session, line: Line) -> int:
    """The stacks of this project, of another one, or of all."""
    found = sorted(_wanted(session, line), key=lambda item: _name(session, item.stack))
    current = _current(session)
    if line.on("json"):
        session.out(json.dumps([_row(session, item, current) for item in found], indent=2))
        return 0
    names = [_name(session, item.stack) + ("*" if item.stack == current else "") for item in found]
    ages = ["in progress" if item.locked else age(item.last_update) for item in found]
    first, second = (max(map(len, [head, *cells])) for head, cells in (("NAME", names), ("LAST UPDATE", ages)))
    session.out(f"{'NAME':<{first}}  {'LAST UPDATE':<{second}}  RESOURCE COUNT")
    for item, name, told in zip(found, names, ages, strict=True):
        count = "n/a" if item.resources is None else str(item.resources)
        shown = f"{colour.MAGENTA}{colour.BOLD}{name}{colour.RESET}" if name.endswith("*") else name
        session.out(paint(f"{shown}{' ' * (first - len(name))}  {told:<{second}}  {count}", session.colour))
    return 0


def age(seconds: float) -> str:
    """`3 minutes ago`; `n/a` for what never happened."""
    if not seconds:
        return "n/a"
    passed = time.time() - seconds
    if passed < 1:
        return "now"
    unit, word = next((size, word) for limit, size, word in (*_AGES, *_LONG_AGES) if passed < limit)
    count = int(passed // unit)
    return f"{count} {word}{'' if count == 1 else 's'} ago"


def _wanted(session: Session, line: Line) -> Iterator[StackSummary]:
    if line.text("organization") not in ("", "organization"):
        raise UsageError(f"there is no organization '{line.text('organization')}' here, but only 'organization'")
    project = line.text("project") or ("" if line.on("all") else session.project.name)
    name, separator, value = line.text("tag").partition("=")
    for item in session.backend.stacks(project or None):
        tags = session.backend.tags(item.stack) if name or separator else {}
        if (not name and not separator) or (name in tags and (not separator or tags[name] == value)):
            yield item


def _name(session: Session, stack: StackId) -> str:
    """Short within the project of this folder, whole elsewhere."""
    try:
        own = session.project.name == stack.project
    except UsageError:
        own = False
    return stack.name if own else qualified(stack)


def _current(session: Session) -> StackId | None:
    try:
        return session.stack_id()
    except UsageError:
        return None


def _row(session: Session, item: StackSummary, current: StackId | None) -> dict[str, Any]:
    row: dict[str, Any] = {"name": _name(session, item.stack), "current": item.stack == current}
    if item.last_update:
        when = datetime.fromtimestamp(item.last_update, UTC)
        row["lastUpdate"] = when.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    row["updateInProgress"] = item.locked
    if item.resources is not None:
        row["resourceCount"] = item.resources
    return row


COMMANDS: Final = (
    Command(
        path=("stack", "ls"),
        summary="List stacks",
        run=list_stacks,
        flags={"json": SWITCH, "all": SWITCH, "project": TEXT, "organization": TEXT, "tag": TEXT},
        short={"p": "project", "o": "organization", "t": "tag"},
    ),
)
