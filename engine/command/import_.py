"""`pulumi import`: take resources that exist over into a stack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from engine.command.flags import LIST, REFUSED, SWITCH, TEXT, Kind, Line
from engine.command.import_code import python_code
from engine.command.session import Session
from engine.command.table import Command
from engine.command.update import CHANGING, change, plan_of
from engine.deploy.api import ImportSpec, Operation, StackId
from engine.errors import UsageError
from engine.urn import build, parse

_MISSING: Final = ("type, name, and id", "name and id", "id")
_COPY: Final = (
    "Please copy the following code into your Pulumi application. Not doing so\n"
    "will cause Pulumi to report that an update will happen on the next update command.\n"
)
_PROTECTED: Final = (
    "Please note that the imported resources are marked as protected. To destroy them\n"
    "you will need to remove the `protect` option and run `pulumi update` *before*\n"
    "the destroy will take effect.\n"
)


def import_(session: Session, line: Line) -> int:
    """Read resources into the state, and show what a program has to say about them."""
    stack = session.stack_id()
    specs = _from_file(session, line, stack) if line.text("file") else (_inline(line),)
    outcome = change(session, line, plan_of(session, line, Operation.IMPORT, imports=specs))
    if outcome is None or line.on("json") or line.switches.get("generate-code") is False:
        return 0
    wanted = {(one.type, one.name) for one in specs}
    found = [one for one in outcome.deployment.resources if (one.type, parse(one.urn).name) in wanted and one.custom]
    code = python_code(found) if found and session.project.runtime == "python" else ""
    if line.text("out"):
        # Also where there is nothing to say: Automation API reads it in any case.
        (session.directory / line.text("out")).write_text(code, encoding="utf-8")
        return 0
    if not code:
        return 0
    session.out(_COPY)
    if _protects(line):
        session.out(_PROTECTED)
    session.out(code)
    return 0


def _protects(line: Line) -> bool:
    return line.switches.get("protect", True)


def _inline(line: Line) -> ImportSpec:
    if len(line.words) < len(_MISSING):
        missing = _MISSING[len(line.words)]
        raise UsageError(
            f"an inline resource must be specified if no converter or import file is used, missing {missing}"
        )
    type, name, id = line.words
    return ImportSpec(
        type=type,
        name=name,
        id=id,
        parent=_named_urn(line.text("parent"), "parent"),
        provider=_named_urn(line.text("provider"), "provider"),
        protect=_protects(line),
    )


def _named_urn(text: str, what: str) -> str:
    """The URN of `name=urn` (the name is for generated code) or of a bare URN."""
    urn = text if text.startswith("urn:") else text.partition("=")[2]
    if text and not urn.startswith("urn:pulumi:"):
        raise UsageError(f"could not parse {what} spec '{text}'; it must be of the form name=urn")
    return urn


def _from_file(session: Session, line: Line, stack: StackId) -> tuple[ImportSpec, ...]:
    if line.words or line.text("parent") or line.text("provider") or line.list("properties"):
        raise UsageError("an inline resource may not be specified in conjunction with an import file")
    path = session.directory / line.text("file")
    held = _read(path)
    urns = dict(held.get("nameTable") or {})
    specs: list[ImportSpec] = []
    for item in held["resources"]:
        try:
            specs.append(_spec(item, urns, line))
        except KeyError as exc:
            raise UsageError(f"{path}: the resource {json.dumps(item)} lacks or misnames {exc}") from exc
        # Others of the file may name it as their parent.
        last = specs[-1]
        root = build(stack.name, stack.project, "pulumi:pulumi:Stack", name=f"{stack.project}-{stack.name}")
        own = build(stack.name, stack.project, last.type, name=last.name, parent=last.parent or root)
        urns.setdefault(item["name"], own)
    return tuple(specs)


def _spec(item: Mapping[str, Any], urns: Mapping[str, str], line: Line) -> ImportSpec:
    component = bool(item.get("component"))
    if item.get("remote"):
        raise UsageError(f"'{item['name']}' is a remote component, which can't be imported here")
    return ImportSpec(
        type=item["type"],
        name=item.get("logicalName") or item["name"],
        id="" if component else item["id"],
        parent=urns[item["parent"]] if item.get("parent") else "",
        provider=urns[item["provider"]] if item.get("provider") else "",
        version=item.get("version") or "",
        url=item.get("pluginDownloadUrl") or "",
        protect=_protects(line) and not component,
        component=component,
    )


def _read(path: Path) -> Mapping[str, Any]:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise UsageError(f"could not read import file: {exc}") from exc
    if not isinstance(held, dict) or not isinstance(held.get("resources"), list):
        raise UsageError(f"could not read import file: {path} holds no list of resources")
    return held


_FLAGS: Final[Mapping[str, Kind]] = {
    **CHANGING,
    "file": TEXT,
    "from": REFUSED,
    "generate-code": SWITCH,
    "generate-resources": REFUSED,
    "out": TEXT,
    "parent": TEXT,
    "preview-only": SWITCH,
    "properties": LIST,
    "protect": SWITCH,
    "provider": TEXT,
}

COMMANDS: Final = (
    Command(
        path=("import",),
        summary="Take resources that exist over into a stack",
        run=import_,
        flags=_FLAGS,
        short={"f": "file", "o": "out"},
        arguments=("[TYPE]", "[NAME]", "[ID]"),
    ),
)
