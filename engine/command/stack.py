"""`pulumi stack init|select|unselect|rm`: which stacks there are, and which one commands mean."""

from __future__ import annotations

import re
from typing import Final

from engine.backend.api import qualified
from engine.command import workspace
from engine.command.flags import REFUSED, SWITCH, TEXT, Line
from engine.command.session import Session, latest
from engine.command.table import Command
from engine.deploy.api import StackId
from engine.errors import Declined, StackExists, StackNotEmpty, StackNotFound, UnsupportedError, UsageError
from engine.state.model import Deployment
from engine.state.serialise import StateCodec, wrap_checkpoint

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}\Z")


def init(session: Session, line: Line) -> int:
    """Make an empty stack with an encryption salt of its own, and select it."""
    provider = line.text("secrets-provider", "default")
    if provider not in ("default", "passphrase"):
        raise UnsupportedError(f"secrets provider '{provider}' is not supported; this engine knows passphrase")
    stack = session.stack_id(line.words[0] if line.words else "")
    source = line.text("copy-config-from")
    if source:
        # Only to be told before anything is made.
        session.backend.read(session.stack_id(source))
    create(session, stack)
    if source:
        _copy_config(session, session.stack_id(source), stack)
    if not line.on("no-select"):
        workspace.select_stack(session.environment, session.project, line.words[0] if line.words else stack.name)
    session.out(f"Created stack '{stack.name}'")
    return 0


def _copy_config(session: Session, source: StackId, stack: StackId) -> None:
    held, target = session.settings(source), session.settings(stack)
    session.config(source, held).copy(session.config(stack, target))
    target.save()


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
    confirm(session, line, stack)
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


def confirm(session: Session, line: Line, stack: StackId) -> None:
    """Go on only with --yes or the stack's name typed in; ConfirmationMissing where nobody can be asked."""
    if line.on("yes") or session.environment.get("PULUMI_SKIP_CONFIRMATIONS", "").lower() in ("1", "true"):
        return
    if session.terminal is None:
        raise UsageError("non-interactive mode requires --yes flag")
    session.out(f"This will permanently remove the '{stack.name}' stack!")
    if input(f"Please confirm that this is what you'd like to do by typing `{stack.name}`: ").strip() != stack.name:
        session.out("confirmation declined")
        raise Declined(f"stack '{stack.name}' was not removed")


def _current(session: Session) -> StackId | None:
    try:
        return session.stack_id()
    except UsageError:
        return None


_STACK: Final = ("[STACK]",)
COMMANDS: Final = (
    Command(
        path=("stack", "init"),
        summary="Make an empty stack",
        run=init,
        flags={
            "secrets-provider": TEXT,
            "no-select": SWITCH,
            "copy-config-from": TEXT,
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
        path=("stack", "rm"),
        summary="Remove a stack",
        run=remove,
        flags={"yes": SWITCH, "force": SWITCH, "preserve-config": SWITCH, "remove-backups": SWITCH},
        short={"f": "force"},
        arguments=_STACK,
    ),
)
