"""One edit of a stored state: lock, load, ask, change, check, write. History is not touched, as Pulumi has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from engine.backend.api import qualified
from engine.command.flags import Line
from engine.command.session import Session, latest
from engine.deploy.api import StackId
from engine.errors import Declined, StateError, UsageError
from engine.secrets import SecretsManager
from engine.state import integrity
from engine.state.model import Deployment
from engine.state.sealed import sealed
from engine.state.serialise import StateCodec, features_of, wrap_checkpoint

Edit: TypeAlias = Callable[[Deployment], Deployment]

QUESTION = "This command will edit your stack's state directly. Confirm?"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenState:
    """A stack's deployment, loaded for an edit; secrets stay sealed."""

    stack: StackId
    codec: StateCodec
    deployment: Deployment

    def text(self, deployment: Deployment) -> str:
        """The checkpoint's text with another deployment in it."""
        return wrap_checkpoint(qualified(self.stack), self.codec.dump(deployment), features_of(deployment))


def open_state(session: Session, stack: StackId, secrets: SecretsManager | None = None) -> OpenState:
    """Load a stack's state without asking whether it is sound."""
    tree = latest(session.backend.read(stack))
    codec = StateCodec(secrets or sealed(tree))
    return OpenState(stack=stack, codec=codec, deployment=codec.load(tree))


def edit_state(session: Session, line: Line, edit: Edit, question: str = QUESTION) -> None:
    """Change the state of the line's stack; one that was sound stays so, or nothing is written."""
    stack = session.stack_id()
    with session.backend.lock(stack, session.lock_wish()):
        opened = open_state(session, stack)
        if not line.on("disable-integrity-checking"):
            integrity.check(opened.deployment)
        agree(session, line, question)
        changed = edit(opened.deployment)
        fault = next(integrity.faults(changed), None)
        if fault and not line.on("disable-integrity-checking"):
            raise StateError(f"state edit produced an invalid snapshot: {fault}; nothing was written")
        session.backend.write(stack, opened.text(changed))


def agree(session: Session, line: Line, question: str) -> None:
    """Ask where somebody can answer and --yes is not given; Declined for a no."""
    if line.on("yes") or session.ask is None or line.on("non-interactive"):
        return
    if not session.ask(f"warning: {question}"):
        session.out("confirmation declined")
        raise Declined("the state edit was not agreed to")


def needed(line: Line, *names: str) -> None:
    """UsageError for missing arguments, in Pulumi's words."""
    if len(line.words) < len(names):
        rows = [f"<{name}>" for name in names]
        listing = rows[0] if len(rows) == 1 else f"{', '.join(rows[:-1])} and {rows[-1]}"
        raise UsageError(f"Must supply {listing} unless pulumi is run interactively")
