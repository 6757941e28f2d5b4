"""`pulumi state move`: resources from one stack into another."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from engine.backend.api import qualified
from engine.command.flags import SWITCH, TEXT, Line
from engine.command.session import Session, latest
from engine.command.state_edit import OpenState, open_state
from engine.command.table import Command
from engine.deploy.api import StackId
from engine.errors import EngineError, StateError, UsageError
from engine.secrets import SecretsManager, manager_of, passphrase_from
from engine.state import integrity
from engine.state.model import Deployment, Resource
from engine.state.move import Broken, Move, plan
from engine.urn import STACK_TYPE, build

_NO_MANAGER: Final = (
    "destination stack has no secret manager. To move resources either initialize the stack with a secret manager, "
    "or run the pulumi state move command from the destination project directory"
)
_ADVICE: Final = (
    "\nIf you go ahead with moving these dependencies, it will be necessary to create the "
    "appropriate inputs and outputs in the program for the stack the resources are moved to.\n"
)


def move(session: Session, line: Line) -> int:
    """Move resources; the destination is written first, so that nothing is ever in neither."""
    if not line.text("source") and not line.text("dest"):
        raise UsageError("at least one of --source or --dest must be provided")
    source, dest = session.stack_id(line.text("source")), session.stack_id(line.text("dest"))
    if source == dest:
        raise UsageError(f"source and destination are the same stack, {qualified(source)}")
    with ExitStack() as locks:
        # In one order for everybody, so that two moves never wait for each other.
        for stack in sorted((source, dest), key=qualified):
            locks.enter_context(session.backend.lock(stack, session.lock_wish()))
        there, here = _open(session, dest, "destination"), _open(session, source, "source")
        planned = plan(here.deployment, there.deployment, _root(there), line.words, parents=line.on("include-parents"))
        _tell(session, planned, here, there)
        if not _agreed(session, line):
            return 0
        for state, name in ((planned.dest, "destination"), (planned.source, "source")):
            _verify(state, name)
        _store(session, planned, here, there)
    session.out(f"Successfully moved resources from {qualified(source)} to {qualified(dest)}")
    return 0


def _open(session: Session, stack: StackId, name: str) -> OpenState:
    provider = latest(session.backend.read(stack)).get("secrets_providers")
    secrets: SecretsManager
    if provider:
        secrets = manager_of(provider, passphrase_from(session.environment))
    elif stack.project == session.project.name:
        secrets = session.secrets(stack, session.settings(stack), "")
    else:
        raise StateError(_NO_MANAGER)
    opened = open_state(session, stack, secrets)
    _verify(opened.deployment, name)
    return opened


def _verify(deployment: Deployment, name: str) -> None:
    fault = next(integrity.faults(deployment), None)
    if fault:
        raise StateError(f"failed to verify integrity of {name} snapshot: {fault}", hint="nothing was written")


def _root(there: OpenState) -> Resource:
    found = next((item for item in there.deployment.resources if item.type == STACK_TYPE and not item.parent), None)
    stack = there.stack
    urn = build(stack.name, stack.project, STACK_TYPE, name=f"{stack.project}-{stack.name}")
    return found or Resource(urn=urn, type=STACK_TYPE, custom=False)


def _tell(session: Session, planned: Move, here: OpenState, there: OpenState) -> None:
    source, dest = qualified(here.stack), qualified(there.stack)
    for name in planned.missing:
        session.out(f"warning: Resource {name} not found in source stack")
    session.out(f"Planning to move the following resources from {source} to {dest}:\n")
    for item in planned.chosen:
        session.out(f"  - {item.urn}")
    session.out("")
    _tell_broken(
        session,
        f"The following resources remaining in {source} have dependencies on resources moved to {dest}:\n",
        planned.broken_source,
    )
    if planned.broken_source and planned.broken_dest:
        session.out("")
    _tell_broken(
        session,
        f"The following resources being moved to {dest} have dependencies on resources in {source}:\n",
        planned.broken_dest,
    )
    if planned.broken_source or planned.broken_dest:
        session.out(_ADVICE)


def _tell_broken(session: Session, headline: str, broken: Sequence[Broken]) -> None:
    if broken:
        session.out(headline)
    for item in broken:
        session.out(f"  - {item}")


def _agreed(session: Session, line: Line) -> bool:
    if line.on("yes"):
        return True
    if session.ask is None or line.on("non-interactive"):
        raise UsageError("--yes must be passed in to proceed when running in non-interactive mode")
    if session.ask("Do you want to perform this move?"):
        return True
    session.out("Confirmation denied, not proceeding with the state move")
    return False


def _store(session: Session, planned: Move, here: OpenState, there: OpenState) -> None:
    before = there.text(there.deployment)
    texts = there.text(planned.dest), here.text(planned.source)
    try:
        session.backend.write(there.stack, texts[0])
    except (EngineError, OSError) as exc:
        raise StateError(
            f"failed to save destination snapshot: {exc}",
            hint="None of the resources have been moved, it is safe to try again",
        ) from exc
    try:
        session.backend.write(here.stack, texts[1])
    except (EngineError, OSError) as exc:
        _take_back(session, planned, (here, there), before)
        raise StateError(
            f"failed to save source snapshot: {exc}",
            hint="None of the resources have been moved. Please fix the error and try again",
        ) from exc


def _take_back(session: Session, planned: Move, states: tuple[OpenState, OpenState], before: str) -> None:
    here, there = states
    try:
        session.backend.write(there.stack, before)
    except (EngineError, OSError) as exc:
        stack = qualified(here.stack)
        rows = [f"    pulumi state delete --stack {stack} '{item.urn}'" for item in reversed(planned.chosen)]
        listing = "\n".join(rows)
        raise StateError(
            f"failed to save source snapshot: {exc}\n\nThe resources being moved have already been appended to the "
            "destination stack, but will still also be in the\nsource stack.  Please remove the resources from the "
            f"source stack manually using the following commands:\n{listing}"
        ) from exc


COMMANDS: Final = (
    Command(
        path=("state", "move"),
        summary="Move resources from one stack to another",
        run=move,
        flags={"yes": SWITCH, "include-parents": SWITCH, "source": TEXT, "dest": TEXT},
        arguments=("URN", "[URN...]"),
    ),
)
