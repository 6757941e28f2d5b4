"""`pulumi stack change-secrets-provider`: all secrets of a stack, in state and settings, under another key.

The new settings are put beside the old ones first, then the state is stored, then the settings take their place. A
process that is killed on the way leaves either both old, or a new state with new settings beside: `settle` tells by
the state which it is, whenever settings are read.
"""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from typing import Any, Final

from engine.backend.api import qualified
from engine.command.flags import Line
from engine.command.session import Session, latest
from engine.command.stored import manager
from engine.command.table import Command
from engine.errors import UnsupportedError, UsageError
from engine.secrets import Passphrase, SecretsManager
from engine.state import integrity
from engine.state.serialise import StateCodec, features_of, wrap_checkpoint

_KINDS: Final = ("default", "passphrase", "awskms", "azurekeyvault", "gcpkms", "hashivault")


def change(session: Session, line: Line) -> int:
    """Encrypt everything anew, under the passphrase on standard input."""
    check_kind(line.words[0])
    stack = session.stack_id()
    with session.backend.lock(stack, session.lock_wish()):
        text = session.backend.read(stack)
        settings = session.settings(stack)
        old = session.secrets(stack, settings, "") if settings.salt else None
        deployment = StateCodec(manager(session, stack, text)).load(latest(text))
        if not line.on("disable-integrity-checking"):
            integrity.check(deployment)
        word = _new_passphrase(session)
        new = Passphrase.create(lambda: word)
        settings.config = {key: _again(entry, old, new) for key, entry in settings.config.items()}
        settings.salt = new.salt
        session.out("Migrating old configuration and state to new secrets provider")
        written = wrap_checkpoint(qualified(stack), StateCodec(new).dump(deployment), features_of(deployment))
        settings.stage()
        session.backend.write(stack, written)
        settings.save()
    return 0


def check_kind(provider: str) -> None:
    """UnsupportedError for a secrets provider that Pulumi knows and this engine doesn't, UsageError for any other."""
    kind = provider.partition(":")[0]
    if kind in ("default", "passphrase"):
        return
    if kind not in _KINDS:
        raise UsageError(f"unknown secrets provider type '{kind}' (supported values: {','.join(_KINDS)})")
    raise UnsupportedError(
        f"secrets provider '{kind}' is not supported; this engine knows passphrase", hint="nothing was changed"
    )


def _new_passphrase(session: Session) -> str:
    if session.terminal is None:
        given = session.read_input()
        if not given:
            raise UsageError("there is no new passphrase on standard input", hint="one line; an empty one is legal")
        return given.split("\n")[0].strip()
    word = getpass.getpass("Enter your new passphrase to protect config/secrets: ")
    if word != getpass.getpass("Re-enter your new passphrase to confirm: "):
        raise UsageError("passphrases do not match; nothing was changed")
    return word


def _again(entry: Any, old: SecretsManager | None, new: SecretsManager) -> Any:
    if isinstance(entry, Mapping):
        if len(entry) == 1 and isinstance(entry.get("secure"), str):
            if old is None:
                raise UsageError("the settings hold secrets, but no encryptionsalt to open them with")
            return {"secure": new.encrypt(old.decrypt(entry["secure"]))}
        return {key: _again(item, old, new) for key, item in entry.items()}
    return [_again(item, old, new) for item in entry] if isinstance(entry, list) else entry


COMMANDS: Final = (
    Command(
        path=("stack", "change-secrets-provider"),
        summary="Change the secrets provider for a stack",
        run=change,
        arguments=("NEW-SECRETS-PROVIDER",),
    ),
)
