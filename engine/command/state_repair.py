"""`pulumi state repair|upgrade`: put a broken state in order; bring a store to the newest layout."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from engine.command.flags import SWITCH, Line
from engine.command.session import Session
from engine.command.state_edit import QUESTION, open_state
from engine.command.table import Command
from engine.errors import StateError, UsageError
from engine.state import integrity
from engine.state.model import Deployment
from engine.state.repair import in_order, moved, pruned, report

_BY_HAND: Final = (
    "The snapshot may hold circles or damaged data. By hand: `pulumi stack export > state.json`, keep a copy, "
    "edit the file, `pulumi stack import < state.json`"
)


def repair(session: Session, line: Line) -> int:
    """Order the resources and drop references into nothing; nothing is written where that isn't enough."""
    stack = session.stack_id()
    with session.backend.lock(stack, session.lock_wish()):
        opened = open_state(session, stack)
        before = opened.deployment
        initial = next(integrity.faults(before), None)
        if initial is None:
            session.out("The snapshot is already valid; skipping repair")
            return 0
        after, lines = _repaired(before, initial)
        if not line.on("yes") and not _agreed(session, line, lines):
            return 0
        session.backend.write(stack, opened.text(after))
    session.out("State repaired successfully")
    return 0


def _repaired(before: Deployment, initial: str) -> tuple[Deployment, list[str]]:
    try:
        ordered = replace(before, resources=in_order(before.resources))
        after, changes = pruned(ordered)
        left = next(integrity.faults(after), None)
    except StateError as exc:
        left = exc.message
    if left is not None:
        raise StateError(
            f"Failed to repair the snapshot automatically: {left} (it was found broken by: {initial})", hint=_BY_HAND
        )
    return after, report(moved(before.resources, ordered.resources), changes)


def _agreed(session: Session, line: Line, lines: list[str]) -> bool:
    for text in lines:
        session.out(text)
    if session.ask is None or line.on("non-interactive"):
        raise UsageError("--yes must be passed in to proceed when running in non-interactive mode")
    if session.ask(QUESTION):
        return True
    session.out("Confirmation denied, not proceeding with state repair")
    return False


def upgrade(session: Session, _line: Line) -> int:
    """Nothing to do: a store of the old layout is refused when it is opened, all others are of the newest."""
    session.backend.stacks()
    session.out("Nothing to do")
    return 0


COMMANDS: Final = (
    Command(path=("state", "repair"), summary="Repair an invalid state", run=repair, flags={"yes": SWITCH}),
    Command(
        path=("state", "upgrade"),
        summary="Migrates the current backend to the latest supported version",
        run=upgrade,
        flags={"yes": SWITCH},
    ),
)
