"""`pulumi stack tag ls|get|set|rm`: names and values pinned to a stack."""

from __future__ import annotations

import json
from typing import Final

from engine.command.flags import SWITCH, Line
from engine.command.session import Session
from engine.command.table import Command
from engine.errors import UsageError


def list_tags(session: Session, line: Line) -> int:
    """All tags of the stack."""
    tags = session.backend.tags(session.stack_id())
    if line.on("json"):
        session.out(json.dumps(tags, indent=2))
        return 0
    for name, value in sorted(tags.items()):
        session.out(f"{name}  {value}")
    return 0


def get(session: Session, line: Line) -> int:
    """One tag's value."""
    stack, name = session.stack_id(), line.words[0]
    tags = session.backend.tags(stack)
    if name not in tags:
        raise UsageError(f"stack tag '{name}' not found for stack '{stack.name}'")
    session.out(tags[name])
    return 0


def put(session: Session, line: Line) -> int:
    """Set a tag."""
    stack = session.stack_id()
    session.backend.set_tags(stack, {**session.backend.tags(stack), line.words[0]: line.words[1]})
    return 0


def remove(session: Session, line: Line) -> int:
    """Drop a tag."""
    stack = session.stack_id()
    tags = session.backend.tags(stack)
    tags.pop(line.words[0], None)
    session.backend.set_tags(stack, tags)
    return 0


COMMANDS: Final = (
    Command(path=("stack", "tag", "ls"), summary="List a stack's tags", run=list_tags, flags={"json": SWITCH}),
    Command(path=("stack", "tag", "get"), summary="Show a tag", run=get, arguments=("NAME",)),
    Command(path=("stack", "tag", "set"), summary="Set a tag", run=put, arguments=("NAME", "VALUE")),
    Command(path=("stack", "tag", "rm"), summary="Remove a tag", run=remove, arguments=("NAME",)),
)
