"""`pulumi stack init|select|unselect|ls|rm` and plain `pulumi stack`: which stacks there are."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any, Final

from engine.backend.api import StackSummary, qualified
from engine.command import workspace
from engine.command.flags import REFUSED, SWITCH, TEXT, Line
from engine.command.session import Session, latest
from engine.command.table import Command
from engine.deploy.api import StackId
from engine.errors import StackExists, StackNotEmpty, StackNotFound, UnsupportedError, UsageError
from engine.state.model import Deployment
from engine.state.serialise import StateCodec, wrap_checkpoint

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}\Z")


def init(session: Session, line: Line) -> int:
    """Make an empty stack with an encryption salt of its own, and select it."""
    provider = line.text("secrets-provider", "default")
    if provider not in ("default", "passphrase"):
        raise UnsupportedError(f"secrets provider '{provider}' is not supported; this engine knows passphrase")
    stack = session.stack_id(line.words[0] if line.words else "")
    create(session, stack)
    if not line.on("no-select"):
        workspace.select_stack(session.environment, session.project, line.words[0] if line.words else stack.name)
    session.out(f"Created stack '{stack.name}'")
    return 0


def create(session: Session, stack: StackId) -> None:
    """The new stack in the backend, its salt in the settings file."""
    check_name(stack)
    if exists(session, stack):
        raise StackExists(qualified(stack))
    settings = session.settings(stack)
    secrets = session.secrets(stack, settings, "")
    session.backend.create(stack, wrap_checkpoint(qualified(stack), StateCodec(secrets).dump(Deployment())))
    settings.salt = secrets.state["salt"]
    settings.save()


def check_name(stack: StackId) -> None:
    """UsageError for a name that no stack may have."""
    if not _NAME.match(stack.name):
        raise UsageError(
            f"'{stack.name}' is no stack name; use up to 100 letters, digits, hyphens, underscores and dots"
        )


def exists(session: Session, stack: StackId) -> bool:
    """Whether the backend has the stack."""
    try:
        session.backend.read(stack)
    except StackNotFound:
        return False
    return True


def select(session: Session, line: Line) -> int:
    """Make a stack the one that commands mean when none is named."""
    name = line.words[0] if line.words else session.stack_flag
    stack = session.stack_id(name)
    if not exists(session, stack):
        if not line.on("create"):
            raise StackNotFound(stack.name)
        create(session, stack)
    workspace.select_stack(session.environment, session.project, name or stack.name)
    return 0


def unselect(session: Session, _line: Line) -> int:
    """Forget the selection."""
    workspace.select_stack(session.environment, session.project, "")
    session.out("Stack was unselected")
    return 0


def list_stacks(session: Session, line: Line) -> int:
    """The stacks of this project, or of all with --all."""
    found = session.backend.stacks(None if line.on("all") else session.project.name)
    current = _current(session)
    if line.on("json"):
        session.out(json.dumps([_row(item, current, full=line.on("all")) for item in found], indent=2))
        return 0
    width = max([len("NAME"), *(len(item.stack.name) + 1 for item in found)])
    session.out(f"{'NAME':<{width}}  LAST UPDATE           RESOURCE COUNT")
    for item in found:
        name = item.stack.name + ("*" if item.stack == current else "")
        count = "n/a" if item.resources is None else str(item.resources)
        session.out(f"{name:<{width}}  {_time(item.last_update) or 'n/a':<20}  {count}")
    return 0


def remove(session: Session, line: Line) -> int:
    """Forget an empty stack, or any with --force; its settings file goes too unless --preserve-config."""
    name = line.words[0] if line.words else ""
    stack = session.stack_id(name)
    resources = latest(session.backend.read(stack)).get("resources") or []
    if resources and not line.on("force"):
        raise StackNotEmpty(
            f"'{stack.name}' still has resources; removal rejected",
            hint="run `pulumi destroy` first, or use --force to forget them without deleting them",
        )
    confirm(session, line, f"This will permanently remove the '{stack.name}' stack. Go on?")
    drop(session, stack, keep_settings=line.on("preserve-config"), backups=line.on("remove-backups"))
    session.out(f"Stack '{stack.name}' has been removed!")
    return 0


def drop(session: Session, stack: StackId, *, keep_settings: bool, backups: bool) -> None:
    """Remove a stack under its lock, with what this user remembers of it."""
    with session.backend.lock(stack, session.lock_wish()):
        session.backend.remove(stack, backups=backups)
    if stack == _current(session):
        workspace.select_stack(session.environment, session.project, "")
    if not keep_settings and stack.project == session.project.name:
        session.project.settings_file(stack.name).unlink(missing_ok=True)


def confirm(session: Session, line: Line, question: str) -> None:
    """Go on only with --yes or a yes; UsageError where nobody can be asked."""
    if line.on("yes"):
        return
    if session.ask is None or line.on("non-interactive"):
        raise UsageError("--yes must be passed in to proceed when running in non-interactive mode")
    if not session.ask(question):
        raise UsageError("confirmation declined; nothing was changed")


def show(session: Session, line: Line) -> int:
    """What the current stack is and holds."""
    stack = session.stack_id()
    deployment = latest(session.backend.read(stack))
    if line.on("show-name"):
        session.out(stack.name)
        return 0
    resources = deployment.get("resources") or []
    session.out(f"Current stack is {stack.name}:\n    Managed by {session.backend_url}")
    session.out(f"Current stack resources ({len(resources)}):")
    for item in resources:
        session.out(f"    {item['type']}  {item['urn'].rpartition('::')[2]}")
    return 0


def _current(session: Session) -> StackId | None:
    try:
        return session.stack_id()
    except UsageError:
        return None


def _row(item: StackSummary, current: StackId | None, *, full: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": qualified(item.stack) if full else item.stack.name,
        "current": item.stack == current,
        "updateInProgress": item.locked,
    }
    if item.last_update:
        row["lastUpdate"] = _time(item.last_update)
    if item.resources is not None:
        row["resourceCount"] = item.resources
    return row


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z") if seconds else ""


_STACK: Final = ("[STACK]",)
COMMANDS: Final = (
    Command(path=("stack",), summary="Show the current stack", run=show, flags={"show-name": SWITCH}),
    Command(
        path=("stack", "init"),
        summary="Make an empty stack",
        run=init,
        flags={
            "secrets-provider": TEXT,
            "no-select": SWITCH,
            "copy-config-from": REFUSED,
            "teams": REFUSED,
            "remote-config": REFUSED,
        },
        arguments=_STACK,
    ),
    Command(
        path=("stack", "select"),
        summary="Choose the stack that commands mean",
        run=select,
        flags={"create": SWITCH, "secrets-provider": TEXT},
        short={"c": "create"},
        arguments=_STACK,
    ),
    Command(path=("stack", "unselect"), summary="Forget the chosen stack", run=unselect),
    Command(
        path=("stack", "ls"),
        summary="List stacks",
        run=list_stacks,
        flags={"json": SWITCH, "all": SWITCH, "project": REFUSED, "organization": REFUSED, "tag": REFUSED},
    ),
    Command(
        path=("stack", "rm"),
        summary="Remove a stack",
        run=remove,
        flags={"yes": SWITCH, "force": SWITCH, "preserve-config": SWITCH, "remove-backups": SWITCH},
        short={"f": "force"},
        arguments=_STACK,
    ),
)
