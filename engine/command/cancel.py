"""`pulumi cancel`: free a stack whose lock nobody will release."""

from __future__ import annotations

from engine.command.flags import SWITCH, Line
from engine.command.session import Session
from engine.command.table import Command


def cancel(session: Session, line: Line) -> int:
    """Drop the locks of a stack; an update that still runs is stopped from writing where the backend can see that."""
    stack = session.stack_id(line.words[0] if line.words else "")
    session.backend.read(stack)
    if not session.backend.break_lock(stack):
        session.out(f"There is no update of '{stack.name}' to cancel; it is not locked")
        return 0
    session.out(f"The currently running update for '{stack.name}' has been canceled!")
    return 0


COMMANDS = (
    Command(
        path=("cancel",),
        summary="Drop the lock of a stack",
        run=cancel,
        flags={"yes": SWITCH},
        arguments=("[STACK]",),
    ),
)
