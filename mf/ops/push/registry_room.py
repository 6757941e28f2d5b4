"""Whether the platform's registry refused an image for want of room; over HTTP it says only that it failed."""

from __future__ import annotations

from components.names import SYSTEM_NAMESPACE, component_labels
from engine.kube.errors import KubeError
from mf.ops.build.errors import RegistryFull, UploadFailed
from mf.ops.session import Session

_REGISTRY = ",".join(f"{key}={value}" for key, value in component_labels("registry").items())
_SIGNS = ("no space left on device", "disk quota exceeded")
_SECONDS = 120


def explain(session: Session, error: UploadFailed) -> UploadFailed:
    """The same error, or RegistryFull when the registry's own log tells so."""
    if isinstance(error, RegistryFull) or not _says_full(session):
        return error
    return RegistryFull(
        f"the platform's registry at {session.settings.registry} is full; the image was not stored",
        hint="delete apps that are no longer needed, or give the registry's volume more room",
    )


def _says_full(session: Session) -> bool:
    try:
        pods = session.kube.list("v1", "Pod", namespace=SYSTEM_NAMESPACE, labels=_REGISTRY)
        lines = [line for pod in pods for line in _log(session, pod["metadata"]["name"])]
    except KubeError:
        return False  # not allowed to look, or no registry of the platform's own: the first error stands
    return any(sign in line for line in lines for sign in _SIGNS)


def _log(session: Session, pod: str) -> list[str]:
    return list(session.kube.logs(SYSTEM_NAMESPACE, pod, since_seconds=_SECONDS))
