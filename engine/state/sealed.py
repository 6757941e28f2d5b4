"""Carries a state's secrets along unread, for edits that need no passphrase."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.errors import SecretsError, StateError


class Sealed:
    """Stands in for a secrets manager: a secret's "plain text" is its cipher text, and nothing new is encrypted."""

    def __init__(self, provider: Mapping[str, Any]) -> None:
        self.type = str(provider.get("type") or "")
        self.state: dict[str, str] = dict(provider.get("state") or {})
        self._seen: set[str] = set()

    def decrypt(self, cipher: str) -> str:
        """The cipher text itself, as JSON."""
        self._seen.add(cipher)
        return json.dumps(cipher)

    def encrypt(self, plain: str) -> str:
        """The cipher text that `decrypt` was given."""
        cipher = json.loads(plain)
        if not isinstance(cipher, str) or cipher not in self._seen:
            raise SecretsError(
                "a secret of the state is stored in plain text", hint="export the state and import it: that encrypts it"
            )
        return cipher


def sealed(deployment: Mapping[str, Any]) -> Sealed | None:
    """The stand-in for the provider that a deployment names; None where it names none."""
    provider = deployment.get("secrets_providers")
    if not provider:
        return None
    if not isinstance(provider, Mapping) or not isinstance(provider.get("state") or {}, Mapping):
        raise StateError("the state's secrets_providers is no object with 'type' and 'state'")
    return Sealed(provider)
