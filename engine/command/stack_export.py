"""`pulumi stack export|import`: a stack's state as a file, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Protocol, runtime_checkable

from engine.backend.api import qualified
from engine.command import stored
from engine.command.flags import SWITCH, TEXT, Line
from engine.command.session import Session, latest, salt_of
from engine.command.table import Command
from engine.deploy.api import StackId
from engine.errors import StateError, UnsupportedError, UsageError
from engine.secrets import manager_of, passphrase_from
from engine.state import integrity
from engine.state.model import Deployment
from engine.state.serialise import StateCodec, export_plain, features_of, unwrap, wrap_checkpoint
from engine.urn import parse

_DANGER: Final = "importing this file could be dangerous; rerun with --force to proceed anyway"


@runtime_checkable
class Remembers(Protocol):
    """A backend that keeps the states of earlier updates."""

    def past(self, stack: StackId, version: int) -> str:
        """The checkpoint after that update, the first being 1."""


def export(session: Session, line: Line) -> int:
    """The whole deployment as JSON, its secrets encrypted unless asked for."""
    stack = session.stack_id()
    text = _past(session, stack, line.text("version")) if line.text("version") else session.backend.read(stack)
    unwrap(text, key="checkpoint", what=f"the state of stack '{stack.name}'")
    whole = json.loads(text)
    tree = {key: whole[key] for key in ("version", "features") if key in whole}
    tree["deployment"] = _readable(session, stack, text) if line.on("show-secrets") else latest(text) or None
    written = json.dumps(tree, indent=4, ensure_ascii=False)
    if line.text("file"):
        (session.directory / line.text("file")).write_text(written + "\n", encoding="utf-8")
    else:
        session.out(written)
    return 0


def _readable(session: Session, stack: StackId, text: str) -> dict[str, Any] | None:
    tree = latest(text)
    if not tree:
        return None
    provider = tree.get("secrets_providers")
    plain = export_plain(StateCodec(stored.manager(session, stack, text)).load(tree))
    # Whoever imports it then knows with what to encrypt the secrets again.
    return {"manifest": plain.pop("manifest"), **({"secrets_providers": provider} if provider else {}), **plain}


def _past(session: Session, stack: StackId, version: str) -> str:
    backend = session.backend
    if not isinstance(backend, Remembers):
        raise UnsupportedError(
            f"the current backend ({backend.url}) does not provide the ability to export previous deployments"
        )
    if not version.isdecimal() or int(version) < 1:
        raise UsageError(f"--version is '{version}'; give it the number of an update, from 1")
    return backend.past(stack, int(version))


def import_state(session: Session, line: Line) -> int:
    """Put a deployment that was exported before in the place of the stack's own. History is not touched."""
    stack = session.stack_id()
    tree = unwrap(_given(session, line), key="deployment", what="the file to import")
    with session.backend.lock(stack, session.lock_wish()):
        codec = StateCodec(session.secrets(stack, session.settings(stack), salt_of(session.backend.read(stack))))
        deployment = _deployment(session, tree, codec)
        found = [*_strangers(stack, deployment), *_unsound(deployment, line)]
        if found and not line.on("force"):
            rows = "".join(f"\t* {row}\n" for row in [*found, _DANGER])
            raise StateError(f"{len(found) + 1} errors occurred:\n{rows}")
        for row in found:
            session.err(f"warning: {row}")
        for item in deployment.pending:
            session.err(f"warning: removing pending operation '{item.type}' on '{item.resource.urn}' from snapshot")
        sound = Deployment(resources=deployment.resources, extra=deployment.extra)
        session.backend.write(stack, wrap_checkpoint(qualified(stack), codec.dump(sound), features_of(sound)))
    session.out("Import complete.")
    return 0


def _deployment(session: Session, tree: Mapping[str, Any], codec: StateCodec) -> Deployment:
    provider = tree.get("secrets_providers")
    if provider is None or codec.is_of(provider):
        return codec.load(tree)
    if not isinstance(provider, Mapping):
        raise StateError("the file to import has a secrets_providers that is no object")
    return StateCodec(manager_of(provider, passphrase_from(session.environment))).load(tree)


def _strangers(stack: StackId, deployment: Deployment) -> Iterator[str]:
    for item in deployment.resources:
        owner = parse(item.urn)
        if owner.stack != stack.name:
            yield f"resource '{item.urn}' is from a different stack ({owner.stack} != {stack.name})"
        elif owner.project != stack.project:
            yield f"resource '{item.urn}' is from a different project ({owner.project} != {stack.project})"


def _unsound(deployment: Deployment, line: Line) -> list[str]:
    fault = next(integrity.faults(deployment), None)
    return [f"state file contains errors: {fault}"] if fault and not line.on("disable-integrity-checking") else []


def _given(session: Session, line: Line) -> str:
    if not line.text("file"):
        return session.read_input()
    path = session.directory / Path(line.text("file"))
    try:
        return path.read_text(encoding="utf-8")
    except OSError as exc:
        raise UsageError(f"could not open file: {path}: {exc.strerror}") from exc
    except ValueError as exc:
        raise StateError(f"the file to import is no UTF-8 text: {exc}") from exc


COMMANDS: Final = (
    Command(
        path=("stack", "export"),
        summary="Write a stack's state as JSON",
        run=export,
        flags={"show-secrets": SWITCH, "file": TEXT, "version": TEXT},
    ),
    Command(
        path=("stack", "import"),
        summary="Replace a stack's state by an exported one",
        run=import_state,
        flags={"file": TEXT, "force": SWITCH},
        short={"f": "force"},
    ),
)
