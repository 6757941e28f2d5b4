"""Encrypts secrets under a passphrase, byte for byte as Pulumi's passphrase provider does."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from engine.errors import SecretsError, UnsupportedError

_ITERATIONS: Final = 1_000_000
_CHECK: Final = "pulumi"
_HINT: Final = "set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase of this stack"

_keys: Final[dict[tuple[bytes, str], bytes]] = {}
_keys_lock: Final = threading.Lock()


class SecretsManager(Protocol):
    """Turns plain text into cipher text and back, and says in the state how."""

    @property
    def type(self) -> str: ...

    @property
    def state(self) -> dict[str, str]: ...

    def encrypt(self, plain: str) -> str: ...

    def decrypt(self, cipher: str) -> str: ...


class Passphrase:
    """The passphrase manager of one salt; the slow key derivation happens at the first use, once per process."""

    type: Final = "passphrase"

    def __init__(self, passphrase: Callable[[], str], salt: str) -> None:
        self._passphrase = passphrase
        self.salt = salt
        self._key: bytes | None = None

    @classmethod
    def create(cls, passphrase: Callable[[], str]) -> Passphrase:
        """A manager with a fresh salt."""
        raw = os.urandom(8)
        word = passphrase()
        head = f"v1:{_b64(raw)}"
        key = _derive(word, head)
        manager = cls(passphrase, f"{head}:{_seal(key, _CHECK)}")
        manager._key = key
        return manager

    @property
    def state(self) -> dict[str, str]:
        return {"salt": self.salt}

    def encrypt(self, plain: str) -> str:
        """The cipher text of a text, different at every call."""
        return _seal(self.key(), plain)

    def decrypt(self, cipher: str) -> str:
        """The text of a cipher text."""
        return _open(self.key(), cipher)

    def key(self) -> bytes:
        """The derived key, checked against the salt's tail; SecretsError when the passphrase is wrong."""
        if self._key is None:
            head, check = _split_salt(self.salt)
            key = _derive(self._passphrase(), head)
            if _open_or_none(key, check) != _CHECK:
                raise SecretsError("incorrect passphrase", hint=_HINT)
            self._key = key
        return self._key


def remember(passphrase: str, salt: str, key: bytes) -> None:
    """Hand in a key that was derived before, so that this process need not derive it again."""
    head, check = _split_salt(salt)
    if _open_or_none(key, check) != _CHECK:
        raise SecretsError("the key that was handed in does not belong to this salt", hint="derive it anew")
    with _keys_lock:
        _keys[_fingerprint(passphrase), head] = key


def manager_of(provider: Mapping[str, Any], passphrase: Callable[[], str]) -> Passphrase:
    """The manager that a state's `secrets_providers` names; UnsupportedError for any but a passphrase."""
    kind, state = provider.get("type"), provider.get("state") or {}
    if kind != "passphrase":
        raise UnsupportedError(
            f"the state's secrets are kept by '{kind}', which this engine does not know; it knows passphrase",
            hint="move the stack with Pulumi's own program: pulumi stack change-secrets-provider passphrase",
        )
    salt = state.get("salt") if isinstance(state, Mapping) else None
    if not isinstance(salt, str) or not salt:
        raise SecretsError("the state's secrets_providers names no salt", hint="it looks like v1:SALT:v1:NONCE:TEXT")
    return Passphrase(passphrase, salt)


def passphrase_from(environment: Mapping[str, str]) -> Callable[[], str]:
    """Reads the passphrase where Pulumi looks for it; a set but empty one is legal."""

    def read() -> str:
        if "PULUMI_CONFIG_PASSPHRASE" in environment:
            return environment["PULUMI_CONFIG_PASSPHRASE"]
        path = environment.get("PULUMI_CONFIG_PASSPHRASE_FILE", "")
        if not path:
            raise SecretsError("passphrase must be set to unlock secrets", hint=_HINT)
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as exc:
            raise SecretsError(f"passphrase file {path} cannot be read: {exc.strerror}", hint=_HINT) from exc

    return read


def _fingerprint(passphrase: str) -> bytes:
    # Keeps the passphrase itself out of a table that lives as long as the process.
    return hashlib.sha256(passphrase.encode()).digest()


def _derive(passphrase: str, head: str) -> bytes:
    index = (_fingerprint(passphrase), head)
    # One lock around the derivation: threads that need the same key wait instead of deriving it twice.
    with _keys_lock:
        if index not in _keys:
            salt = _unb64(head.partition(":")[2])
            _keys[index] = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, _ITERATIONS, 32)
        return _keys[index]


def _split_salt(salt: str) -> tuple[str, str]:
    version, _, rest = salt.partition(":")
    raw, _, check = rest.partition(":")
    if version != "v1" or not raw or not check:
        raise SecretsError("the encryption salt is malformed; it looks like v1:SALT:v1:NONCE:TEXT")
    return f"v1:{raw}", check


def _seal(key: bytes, plain: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    return f"v1:{_b64(nonce)}:{_b64(AESGCM(key).encrypt(nonce, plain.encode(), None))}"


def _open(key: bytes, cipher: str) -> str:
    plain = _open_or_none(key, cipher)
    if plain is None:
        raise SecretsError(
            "a secret cannot be decrypted: it was encrypted under another key, or is damaged", hint=_HINT
        )
    return plain


def _open_or_none(key: bytes, cipher: str) -> str | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    version, _, rest = cipher.partition(":")
    nonce, _, text = rest.partition(":")
    if version != "v1" or not text:
        raise SecretsError("a secret's cipher text is malformed; it looks like v1:NONCE:TEXT")
    try:
        return AESGCM(key).decrypt(_unb64(nonce), _unb64(text), None).decode()
    except (InvalidTag, ValueError):
        return None


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as exc:
        raise SecretsError("a salt or cipher text is not valid base64") from exc
