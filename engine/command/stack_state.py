"""`pulumi stack output|export|import|history`: what a stack holds and what was done to it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from engine.backend.api import qualified
from engine.command.flags import REFUSED, SWITCH, TEXT, Line
from engine.command.session import Session, latest, salt_of
from engine.command.table import Command
from engine.deploy.api import StackId
from engine.errors import StateError, UsageError
from engine.secrets import Passphrase, SecretsManager, passphrase_from
from engine.state import integrity
from engine.state.serialise import StateCodec, export_plain, features_of, unwrap, wrap_checkpoint
from engine.urn import STACK_TYPE, parse
from engine.wire.fold import Keep, fold, unfold
from engine.wire.signatures import SECRET, SIGNATURE

_MASK: Final = "[secret]"


def output(session: Session, line: Line) -> int:
    """The stack's outputs, or one of them; secrets are masked unless asked for."""
    stack = session.stack_id()
    outputs = stack_outputs(session, stack, show_secrets=line.on("show-secrets"))
    if line.words:
        if line.words[0] not in outputs:
            raise UsageError(f"current stack does not have output property '{line.words[0]}'")
        value = outputs[line.words[0]]
        session.out(value if isinstance(value, str) and not line.on("json") else json.dumps(value, indent=2))
    elif line.on("json"):
        session.out(json.dumps(outputs, indent=2, ensure_ascii=False))
    elif outputs:
        session.out(f"Current stack outputs ({len(outputs)}):")
        for name, value in outputs.items():
            session.out(f"    {name}  {value if isinstance(value, str) else json.dumps(value)}")
    else:
        session.out("No output values currently in this stack")
    return 0


def stack_outputs(session: Session, stack: StackId, *, show_secrets: bool) -> dict[str, Any]:
    """Outputs as plain JSON; without `show_secrets` nothing is decrypted."""
    text = session.backend.read(stack)
    resources: list[dict[str, Any]] = latest(text).get("resources") or []
    root: dict[str, Any] = next((item for item in resources if item["type"] == STACK_TYPE), {})
    if not show_secrets:
        return {key: _plain(unfold(_masked(item))) for key, item in sorted((root.get("outputs") or {}).items())}
    if not root.get("outputs"):
        return {}
    codec = StateCodec(session.secrets(stack, session.settings(stack), salt_of(text)))
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


def export(session: Session, line: Line) -> int:
    """The whole deployment as JSON, its secrets encrypted unless asked for."""
    stack = session.stack_id()
    text = session.backend.read(stack)
    tree: dict[str, Any] = {"version": json.loads(text)["version"]}
    if line.on("show-secrets") and latest(text):
        codec = StateCodec(session.secrets(stack, session.settings(stack), salt_of(text)))
        tree["deployment"] = export_plain(codec.load(latest(text)))
    else:
        tree["deployment"] = latest(text) or None
    written = json.dumps(tree, indent=4, ensure_ascii=False)
    if line.text("file"):
        (session.directory / line.text("file")).write_text(written + "\n", encoding="utf-8")
    else:
        session.out(written)
    return 0


def import_state(session: Session, line: Line) -> int:
    """Put a deployment that was exported before in the place of the stack's own."""
    stack = session.stack_id()
    text = _given(session, line)
    tree = unwrap(text, key="deployment", what="the file to import")
    settings = session.settings(stack)
    present = session.backend.read(stack)
    own = session.secrets(stack, settings, salt_of(present))
    codec = StateCodec(own)
    foreign = _foreign_secrets(session, tree, own)
    deployment = (StateCodec(foreign) if foreign else codec).load(tree)
    if not line.on("force"):
        integrity.check(deployment)
        _check_owner(stack, [item.urn for item in deployment.resources])
    written = wrap_checkpoint(qualified(stack), codec.dump(deployment), features_of(deployment))
    now = int(time.time())
    entry = {"kind": "import", "startTime": now, "endTime": now, "message": "", "environment": {}, "config": {}}
    with session.backend.lock(stack, session.lock_wish()):
        session.backend.conclude(stack, written, {**entry, "version": 0, "result": "succeeded"})
    session.out("Import complete.")
    return 0


def _given(session: Session, line: Line) -> str:
    if not line.text("file"):
        return session.read_input()
    path = session.directory / Path(line.text("file"))
    try:
        return path.read_text(encoding="utf-8")
    except OSError as exc:
        raise UsageError(f"{path} cannot be read: {exc.strerror}") from exc


def _foreign_secrets(session: Session, tree: Mapping[str, Any], own: SecretsManager) -> SecretsManager | None:
    salt = ((tree.get("secrets_providers") or {}).get("state") or {}).get("salt")
    if not salt or salt == own.state["salt"]:
        return None
    return Passphrase(passphrase_from(session.environment), salt)


def _check_owner(stack: StackId, urns: list[str]) -> None:
    for urn in urns:
        owner = parse(urn)
        if (owner.project, owner.stack) != (stack.project, stack.name):
            raise StateError(
                f"resource {urn} belongs to stack {owner.project}/{owner.stack}, not to {stack.project}/{stack.name}",
                hint="use --force to import it nevertheless",
            )


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
        flags={"json": SWITCH, "show-secrets": SWITCH, "shell": REFUSED},
        arguments=("[NAME]",),
    ),
    Command(
        path=("stack", "export"),
        summary="Write a stack's state as JSON",
        run=export,
        flags={"show-secrets": SWITCH, "file": TEXT, "version": REFUSED},
    ),
    Command(
        path=("stack", "import"),
        summary="Replace a stack's state by an exported one",
        run=import_state,
        flags={"file": TEXT, "force": SWITCH},
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
