"""`pulumi state delete|rename|protect|unprotect|taint|untaint`: single edits of a stack's state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from engine.command.flags import SWITCH, Line
from engine.command.session import Session
from engine.command.state_edit import QUESTION, edit_state, needed
from engine.command.table import Command
from engine.errors import UsageError
from engine.state import surgery
from engine.state.lookup import locate
from engine.state.model import Deployment, Resource

_PROTECT_QUESTION: Final = (
    "This will protect by modifying the stack state directly.\n"
    "If your program does not also set the 'protect' resource option, Pulumi will unprotect the \n"
    "resource the next time your program runs (e.g. as part of a `pulumi up`)\n"
    "Confirm?"
)


def delete(session: Session, line: Line) -> int:
    """Take resources out of the state; nothing happens to what they stand for."""
    if line.on("all") and line.words:
        raise UsageError("cannot specify a resource URN when deleting all resources")
    if not line.on("all"):
        needed(line, "resource URN")

    def edit(deployment: Deployment) -> Deployment:
        names = [item.urn for item in deployment.resources] if line.on("all") else line.words
        doomed = deployment.resources if line.on("all") else tuple(locate(deployment, name) for name in names)
        # Dependents first, whatever order the command line has.
        for resource in reversed([item for item in deployment.resources if any(item is other for other in doomed)]):
            if any(item is resource for item in deployment.resources):
                before = deployment
                deployment = surgery.without(
                    deployment, resource, force=line.on("force"), dependents=line.on("target-dependents")
                )
                _warn(session, before, deployment)
        return deployment

    def done() -> str:
        if line.on("all"):
            return "Resources deleted"
        return "Resource deleted" if len(line.words) == 1 else f"{len(line.words)} resources deleted"

    return _run(session, line, edit, done)


def _warn(session: Session, before: Deployment, after: Deployment) -> None:
    kept = {id(item) for item in after.resources}
    for item in before.resources:
        if item.protect and id(item) not in kept:
            session.err(f"warning: deleting protected resource {item.urn} due to presence of --force")


def rename(session: Session, line: Line) -> int:
    """Give a resource another name."""
    needed(line, "resource URN", "new name")
    old, name = line.words
    if not old.startswith("urn:pulumi:") or old.count("::") < 3:
        raise UsageError("The provided input URN is not valid")
    return _run(session, line, lambda state: surgery.renamed(state, old, name), lambda: "Resource renamed")


def protect(session: Session, line: Line) -> int:
    """Set the protect mark."""
    return _mark(session, line, "protected", lambda item: replace(item, protect=True))


def unprotect(session: Session, line: Line) -> int:
    """Clear the protect mark."""
    return _mark(session, line, "unprotected", lambda item: replace(item, protect=False))


def taint(session: Session, line: Line) -> int:
    """Have resources replaced by the next update."""
    return _mark(session, line, "tainted", lambda item: replace(item, taint=True))


def untaint(session: Session, line: Line) -> int:
    """Take that back."""
    return _mark(session, line, "untainted", lambda item: replace(item, taint=False))


def _mark(session: Session, line: Line, word: str, change: Callable[[Resource], Resource]) -> int:
    if not line.on("all"):
        needed(line, "resource URN")

    def edit(deployment: Deployment) -> Deployment:
        if line.on("all"):
            return surgery.all_marked(deployment, change)
        return surgery.marked(deployment, line.words, change)

    told = f"All resources {word}" if line.on("all") else f"{len(line.words)} resources {word}"
    return _run(session, line, edit, lambda: told, _PROTECT_QUESTION if word == "protected" else QUESTION)


def _run(
    session: Session,
    line: Line,
    edit: Callable[[Deployment], Deployment],
    told: Callable[[], str],
    question: str = QUESTION,
) -> int:
    edit_state(session, line, edit, question)
    session.out(told())
    return 0


_ONE: Final = {"yes": SWITCH}
_ALL: Final = {**_ONE, "all": SWITCH}
_URNS: Final = ("[RESOURCE-URN...]",)
COMMANDS: Final = (
    Command(
        path=("state", "delete"),
        summary="Deletes a resource from a stack's state",
        run=delete,
        flags={**_ALL, "force": SWITCH, "target-dependents": SWITCH},
        arguments=_URNS,
    ),
    Command(
        path=("state", "rename"),
        summary="Renames a resource from a stack's state",
        run=rename,
        flags=_ONE,
        arguments=("[RESOURCE-URN]", "[NEW-NAME]"),
    ),
    Command(
        path=("state", "protect"),
        summary="Protect resources in a stack's state",
        run=protect,
        flags=_ALL,
        arguments=_URNS,
    ),
    Command(
        path=("state", "unprotect"),
        summary="Unprotect resources in a stack's state",
        run=unprotect,
        flags=_ALL,
        arguments=_URNS,
    ),
    Command(
        path=("state", "taint"),
        summary="Taint resources: the next update replaces them",
        run=taint,
        flags=_ONE,
        arguments=_URNS,
    ),
    Command(
        path=("state", "untaint"),
        summary="Untaint resources in a stack's state",
        run=untaint,
        flags=_ALL,
        arguments=_URNS,
    ),
)
