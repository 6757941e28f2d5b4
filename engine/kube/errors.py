"""The tree of errors of the Kubernetes client.

KubeError                 the API server said no (status, reason, message)
├── NotFound              no such object
│   └── NoKind            the server does not serve that kind (or not yet)
├── AlreadyExists · Conflict · Forbidden · Unauthorized · Invalid
├── Expired               a watch or list started too far in the past
├── Unreachable           no answer, or none that is Kubernetes'
├── BadKubeconfig         no usable kubeconfig
└── BadDocument           a file that holds no Kubernetes documents
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError


class KubeError(EngineError):
    """Base of what goes wrong between us and a cluster; `status` is 0 when no server answered."""

    def __init__(
        self, status: int, reason: str, message: str, *, hint: str = "", details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.reason = reason
        self.details = dict(details or {})


class NotFound(KubeError):
    """No such object."""


class NoKind(NotFound):
    """The server does not serve that kind, or not yet."""


class AlreadyExists(KubeError):
    """An object of that name is there already."""


class Conflict(KubeError):
    """Somebody else changed the object, or owns the fields."""


class Forbidden(KubeError):
    """The user may not do that."""


class Unauthorized(KubeError):
    """The server does not know the user."""


class Invalid(KubeError):
    """The object breaks its kind's rules."""


class Expired(KubeError):
    """The resource version asked for is too old; list again."""


class Unreachable(KubeError):
    """No server answered, or what answered is no Kubernetes API server."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(0, "Unreachable", message, hint=hint)


class BadKubeconfig(KubeError):
    """No kubeconfig, or one that cannot be used; the message names the file and what is wrong."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(0, "BadKubeconfig", message, hint=hint)


class BadDocument(KubeError):
    """A file that holds no Kubernetes documents; the message names it."""

    def __init__(self, message: str) -> None:
        super().__init__(0, "BadDocument", message)


_BY_REASON: Mapping[str, type[KubeError]] = {
    "AlreadyExists": AlreadyExists,
    "Conflict": Conflict,
    "Forbidden": Forbidden,
    "Unauthorized": Unauthorized,
    "Invalid": Invalid,
    "Expired": Expired,
    "Gone": Expired,
    "NotFound": NotFound,
}
_BY_STATUS: Mapping[int, type[KubeError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: Expired,
    422: Invalid,
}


def from_response(status: int, body: bytes) -> KubeError:
    """The error that an API server's reply stands for."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or answer.get("kind") != "Status":
        return _from_text(status, body)
    return from_status(answer, status)


def from_status(answer: Mapping[str, Any], status: int = 0) -> KubeError:
    """The error in a `Status` object, as replies and watches carry it."""
    code = int(answer.get("code") or status)
    reason = str(answer.get("reason") or "")
    details = answer.get("details") or {}
    kind = _BY_REASON.get(reason) or _BY_STATUS.get(code, KubeError)
    if kind is NotFound and not details.get("name"):
        kind = NoKind
    return kind(code, reason or kind.__name__, str(answer.get("message") or reason or f"HTTP {code}"), details=details)


def _from_text(status: int, body: bytes) -> KubeError:
    text = body[:200].decode("utf-8", "replace").strip() or f"HTTP {status}"
    if status == 404:
        return NoKind(status, "NoKind", f"the cluster does not serve this kind ({text})")
    kind = _BY_STATUS.get(status, KubeError)
    return kind(status, kind.__name__, text)
