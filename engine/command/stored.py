"""A stored state, opened with the secrets provider that it names itself, to be written with the stack's own."""

from __future__ import annotations

from engine.command.session import Session, latest, salt_in
from engine.deploy.api import StackId
from engine.secrets import SecretsManager, manager_of, passphrase_from
from engine.stack_settings import StackSettings
from engine.state.model import Deployment
from engine.state.serialise import StateCodec


def load(session: Session, stack: StackId, settings: StackSettings, text: str) -> tuple[StateCodec, Deployment]:
    """The codec to write with, and the deployment in a checkpoint's text."""
    tree = latest(text)
    own = session.secrets(stack, settings, salt_in(tree))
    codec = StateCodec(own)
    provider = tree.get("secrets_providers")
    if not provider or provider == {"type": own.type, "state": own.state}:
        return codec, codec.load(tree)
    # Imported, or encrypted anew since: cipher texts of another key must not be taken over.
    return codec, StateCodec(manager_of(provider, passphrase_from(session.environment))).load(tree)


def manager(session: Session, stack: StackId, text: str) -> SecretsManager:
    """What opens the secrets of a checkpoint's text."""
    provider = latest(text).get("secrets_providers")
    if provider:
        return manager_of(provider, passphrase_from(session.environment))
    return session.secrets(stack, session.settings(stack), "")
