"""`pulumi stack`: what the current stack is, and what it holds, as a tree."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from engine.command.flags import SWITCH, Line
from engine.command.session import Session, latest
from engine.command.stack_list import age
from engine.command.stack_state import stack_outputs, tell_outputs
from engine.command.table import Command
from engine.urn import STACK_TYPE

_Resource = Mapping[str, Any]
_INDENT: Final = "    "


def show(session: Session, line: Line) -> int:
    """Who keeps the stack, when it was updated, its resources and outputs."""
    stack = session.stack_id()
    deployment = latest(session.backend.read(stack))
    if line.on("show-name"):
        session.out(stack.name)
        return 0
    resources: list[_Resource] = deployment.get("resources") or []
    session.out(f"Current stack is {stack.name}:\n{_INDENT}Managed by {socket.gethostname() or 'diy'}")
    updated = resources or session.backend.history(stack)
    for text in _facts(deployment.get("manifest") or {}) if updated else ["No updates yet; run `pulumi up`"]:
        session.out(_INDENT + text)
    session.out(f"Current stack resources ({len(resources)}):")
    if not resources:
        session.out(f"{_INDENT}No resources currently in this stack")
    else:
        _tell_resources(session, line, resources)
        _tell_outputs(session, stack_outputs(session, stack, show_secrets=line.on("show-secrets")))
    session.out("\nUse `pulumi stack select` to change stack; `pulumi stack ls` lists known ones")
    return 0


def _facts(manifest: Mapping[str, Any]) -> Iterator[str]:
    text = str(manifest.get("time") or "")
    if text and not text.startswith("0001"):
        when = datetime.fromisoformat(text).astimezone()
        yield f"Last updated: {age(when.timestamp())} ({when:%Y-%m-%d %H:%M:%S %z %Z})"
    if manifest.get("version"):
        yield f"Pulumi version used: {manifest['version']}"
    for plugin in manifest.get("plugins") or []:
        yield f"Plugin {plugin['name']} [{plugin['type']}] version: {plugin.get('version') or '?'}"


def _tell_resources(session: Session, line: Line, resources: Sequence[_Resource]) -> None:
    rows = list(_rows(resources))
    width = max(len("TYPE"), *(len(branch + item["type"]) for branch, _, item in rows))
    session.out(f"{_INDENT}{'TYPE':<{width}}  NAME")
    for branch, below, item in rows:
        session.out(f"{_INDENT}{branch + item['type']:<{width}}  {_name(item)}")
        if line.on("show-urns"):
            session.out(f"{_INDENT}{below}URN: {item['urn']}")
        if line.on("show-ids") and item.get("id"):
            session.out(f"{_INDENT}{below}ID: {item['id']}")


def _name(item: _Resource) -> str:
    # A name may hold `::` itself; the four parts before it may not.
    return str(item["urn"]).split("::", 3)[3]


def _rows(resources: Sequence[_Resource]) -> Iterator[tuple[str, str, _Resource]]:
    """Branch, what is drawn below it, and the resource; flat where there is no stack to hang them on."""
    known = {item["urn"] for item in resources}
    root = next((item for item in resources if item["type"] == STACK_TYPE and not item.get("parent")), None)
    if root is None or any(item.get("parent") and item["parent"] not in known for item in resources):
        yield from (("", _INDENT, item) for item in resources)
        return
    children: dict[str, list[_Resource]] = {}
    orphans = [item for item in resources if not item.get("parent") and item is not root]
    for item in [*(item for item in resources if item.get("parent")), *orphans]:
        children.setdefault(item.get("parent") or root["urn"], []).append(item)
    yield from _walk(root, children, "", "")


def _walk(
    item: _Resource, children: dict[str, list[_Resource]], branch: str, padding: str
) -> Iterator[tuple[str, str, _Resource]]:
    # Two resources of one URN (one waits to be deleted) share their children: the first that is drawn takes them.
    below = children.pop(item["urn"], [])
    yield branch, padding + ("│  " if below else "   "), item
    for index, child in enumerate(below):
        last = index == len(below) - 1
        yield from _walk(child, children, padding + ("└─ " if last else "├─ "), padding + ("   " if last else "│  "))


def _tell_outputs(session: Session, outputs: Mapping[str, Any]) -> None:
    session.out("")
    if outputs:
        tell_outputs(session, outputs)
    else:
        session.out(f"Current stack outputs (0):\n{_INDENT}No output values currently in this stack")


COMMANDS: Final = (
    Command(
        path=("stack",),
        summary="Show the current stack",
        run=show,
        flags={"show-name": SWITCH, "show-ids": SWITCH, "show-urns": SWITCH, "show-secrets": SWITCH},
        short={"i": "show-ids", "u": "show-urns"},
    ),
)
