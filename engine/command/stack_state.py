"""`pulumi stack output|history`: what a stack gives others, and what was done to it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from engine.command import stored
from engine.command.flags import SWITCH, TEXT, Line
from engine.command.session import Session, latest
from engine.command.table import Command
from engine.deploy.api import StackId
from engine.errors import UsageError
from engine.state.serialise import StateCodec
from engine.urn import STACK_TYPE
from engine.wire.fold import Keep, fold, unfold
from engine.wire.signatures import SECRET, SIGNATURE

_MASK: Final = "[secret]"


def output(session: Session, line: Line) -> int:
    """The stack's outputs, or one of them; secrets are masked unless asked for."""
    if line.on("json") and line.on("shell"):
        raise UsageError("only one of --json and --shell may be set")
    stack = session.stack_id()
    outputs = stack_outputs(session, stack, show_secrets=line.on("show-secrets"))
    if line.words and line.words[0] not in outputs:
        raise UsageError(f"current stack does not have output property '{line.words[0]}'")
    if line.on("shell"):
        for name in line.words or outputs:
            session.out(f"{name}={shlex.quote(_text(outputs[name]))}")
    elif line.on("json"):
        session.out(json.dumps(outputs[line.words[0]] if line.words else outputs, indent=2, ensure_ascii=False))
    elif line.words:
        session.out(_text(outputs[line.words[0]]))
    else:
        _list(session, outputs)
    return 0


def _list(session: Session, outputs: Mapping[str, Any]) -> None:
    if outputs:
        tell_outputs(session, outputs)
    else:
        session.out("No output values currently in this stack")


def tell_outputs(session: Session, outputs: Mapping[str, Any]) -> None:
    """Outputs as a table, by name."""
    session.out(f"Current stack outputs ({len(outputs)}):")
    width = max(map(len, ["OUTPUT", *outputs]))
    for name, text in [("OUTPUT", "VALUE"), *((name, _text(outputs[name])) for name in sorted(outputs))]:
        session.out(f"    {name:<{width}}  {text}")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def stack_outputs(session: Session, stack: StackId, *, show_secrets: bool) -> dict[str, Any]:
    """Outputs as plain JSON; without `show_secrets` nothing is decrypted."""
    text = session.backend.read(stack)
    resources: list[dict[str, Any]] = latest(text).get("resources") or []
    root: dict[str, Any] = next((item for item in resources if item["type"] == STACK_TYPE), {})
    if not show_secrets:
        return {key: _plain(unfold(_masked(item))) for key, item in sorted((root.get("outputs") or {}).items())}
    if not root.get("outputs"):
        return {}
    codec = StateCodec(stored.manager(session, stack, text))
    opened = codec.load({"resources": [root]}).resources[0].outputs
    return {key: _plain(opened[key]) for key in sorted(opened)}


def plain_outputs(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Outputs for the screen: plain values, secrets masked wherever they are."""
    return {key: fold(outputs[key], Keep(unknowns=True, seal=lambda _: _MASK)) for key in sorted(outputs)}


def _plain(value: Any) -> Any:
    return fold(value, Keep())


def _masked(tree: Any) -> Any:
    if isinstance(tree, Mapping):
        if tree.get(SIGNATURE) == SECRET:
            return _MASK
        return {key: _masked(item) for key, item in tree.items()}
    return [_masked(item) for item in tree] if isinstance(tree, list) else tree


def history(session: Session, line: Line) -> int:
    """What was done to the stack, newest first."""
    stack = session.stack_id()
    entries = _page(session.backend.history(stack), line)
    if line.on("json"):
        opened = [_entry(session, stack, item, show=line.on("show-secrets")) for item in entries]
        session.out(json.dumps(opened, indent=2))
        return 0
    if not entries:
        session.out("Stack has never been updated")
    for item in entries:
        took = item.get("endTime", 0) - item.get("startTime", 0)
        session.out(f"{item['kind']} {item['result']} at {_time(item['startTime'])} ({took}s)  {item['message']}")
        changes = " ".join(f"{op} {count}" for op, count in (item.get("resourceChanges") or {}).items())
        session.out(f"    {changes or 'no changes'}")
    return 0


def _page(entries: list[dict[str, Any]], line: Line) -> list[dict[str, Any]]:
    size, page = _number(line, "page-size", 0), _number(line, "page", 1)
    return entries[(page - 1) * size : page * size] if size else entries


def _number(line: Line, flag: str, default: int) -> int:
    text = line.text(flag)
    if not text:
        return default
    if not text.isdecimal() or int(text) < 1:
        raise UsageError(f"--{flag} is '{text}'; give it a number from 1")
    return int(text)


def _entry(session: Session, stack: StackId, item: Mapping[str, Any], *, show: bool) -> dict[str, Any]:
    entry = {**item, "startTime": _time(item["startTime"])}
    if item.get("endTime"):
        entry["endTime"] = _time(item["endTime"])
    entry["config"] = session.shown_config(stack, item.get("config") or {}, show_secrets=show)
    return entry


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


COMMANDS: Final = (
    Command(
        path=("stack", "output"),
        summary="Show a stack's outputs",
        run=output,
        flags={"json": SWITCH, "show-secrets": SWITCH, "shell": SWITCH},
        arguments=("[NAME]",),
    ),
    Command(
        path=("stack", "history"),
        summary="Show what was done to a stack",
        run=history,
        flags={
            "json": SWITCH,
            "show-secrets": SWITCH,
            "page-size": TEXT,
            "page": TEXT,
            "full-dates": SWITCH,
        },
    ),
)
