"""The errors of the Kubernetes provider.

ProviderError (engine.errors)
└── KubernetesProviderError   base; says which object and what the cluster answered
    ├── RefusedType           a type or function of the package that is not done here
    ├── ClusterUnreachable    no cluster to ask
    └── OwnershipConflict     somebody else owns a field that we would set
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

from engine.errors import ProviderError
from engine.kube.errors import AlreadyExists, BadKubeconfig, Conflict, KubeError, Unreachable

_SHORTEST_SECRET = 4


class KubernetesProviderError(ProviderError):
    """Base of what this provider raises on purpose."""


class RefusedType(KubernetesProviderError):
    """A type or function of the package that is not done here."""


class ClusterUnreachable(KubernetesProviderError):
    """No cluster to ask."""


class OwnershipConflict(KubernetesProviderError):
    """Somebody else owns a field that we would set."""


@contextlib.contextmanager
def answers_about(subject: str, secrets: Iterable[str] = ()) -> Iterator[None]:
    """Turn the cluster's refusals into this provider's errors, naming the object and hiding secret values."""
    try:
        yield
    except KubeError as exc:
        raise _translated(exc, subject, secrets) from exc


def _translated(exc: KubeError, subject: str, secrets: Iterable[str]) -> KubernetesProviderError:
    text = hide(exc.message, secrets)
    if isinstance(exc, (Unreachable, BadKubeconfig)):
        return ClusterUnreachable(text, hint=exc.hint)
    if isinstance(exc, AlreadyExists):
        return KubernetesProviderError(
            f"{subject} exists already and is not ours",
            hint="import it, choose another name, or set upsertExistingObjects on the provider",
        )
    if isinstance(exc, Conflict) and exc.details.get("causes"):
        return OwnershipConflict(
            f"{subject}: {_owners(exc, text)}",
            hint='leave these fields out, or take them over with the annotation pulumi.com/patchForce: "true"',
        )
    return KubernetesProviderError(f"{subject}: {text}", hint=exc.hint)


def _owners(exc: KubeError, text: str) -> str:
    causes = [f"{cause.get('field', '')} ({cause.get('message', '')})" for cause in exc.details["causes"]]
    return "other field managers own what would be set: " + ", ".join(causes) if causes else text


def hide(text: str, secrets: Iterable[str]) -> str:
    """The text without any of the secret values."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "[secret]")
    return text
