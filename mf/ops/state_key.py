"""One salt and derived key for all micro-stacks of a platform: deriving takes half a second, reading a Secret none."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from engine.errors import SecretsError
from engine.kube.errors import AlreadyExists, Conflict, Forbidden
from engine.secrets import Passphrase, remember
from mf.ops import settings
from mf.ops.session import Session

NAME: Final = "engine-key"


def environment(session: Session, passphrase: str) -> dict[str, str]:
    """What the engine needs to open and make micro-stacks without deriving a key of its own."""
    # The key lies beside the passphrase it comes from: whoever may read the one may read the other.
    found = session.kube.find("v1", "Secret", NAME, namespace=settings.SYSTEM_NAMESPACE)
    salt = _known(found, passphrase) if found else None
    if salt is None:
        salt = _make(session, passphrase, found)
    return {"PULUMI_CONFIG_PASSPHRASE": passphrase, "MF_ENCRYPTION_SALT": salt, "MF_REPEATABLE_CREATES": "1"}


def _known(secret: Mapping[str, Any], passphrase: str) -> str | None:
    """The stored salt, its key handed to the engine; None when it belongs to another passphrase, or is damaged."""
    data = secret.get("data") or {}
    try:
        parts = {key: base64.b64decode(data.get(key) or "", validate=True) for key in ("salt", "key", "passphrase")}
        if parts["passphrase"].decode() != _digest(passphrase):
            return None
        remember(passphrase, parts["salt"].decode(), parts["key"])
    except (SecretsError, ValueError, binascii.Error):
        return None
    return parts["salt"].decode()


def _make(session: Session, passphrase: str, old: Mapping[str, Any] | None) -> str:
    manager = Passphrase.create(lambda: passphrase)
    parts = {"salt": manager.salt.encode(), "key": manager.key(), "passphrase": _digest(passphrase).encode()}
    secret: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": NAME,
            "namespace": settings.SYSTEM_NAMESPACE,
            "labels": {"app.kubernetes.io/managed-by": "microfoundry"},
        },
        "data": {key: base64.b64encode(part).decode() for key, part in parts.items()},
    }
    try:
        if old is None:
            session.kube.create(secret)
        else:
            secret["metadata"]["resourceVersion"] = old["metadata"]["resourceVersion"]
            session.kube.replace(secret)
    except (AlreadyExists, Conflict, Forbidden):
        # Another process was first, or this user may only read: the salt at hand is as good for its own stacks.
        pass
    return manager.salt


def _digest(passphrase: str) -> str:
    return hashlib.sha256(passphrase.encode()).hexdigest()
