"""Opens the backend that a URL names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from engine.backend.api import Backend
from engine.errors import UnsupportedError

_KINDS: Final = "file://DIR and kubernetes://NAMESPACE"


def open_backend(url: str, environment: Mapping[str, str], directory: Path) -> Backend:
    """The backend behind a URL; a relative folder starts at `directory`."""
    scheme = url.partition("://")[0]
    if scheme == "file":
        from engine.backend.file import FileBackend

        return FileBackend(url, directory, environment)
    if scheme == "kubernetes":
        from engine.backend.kubernetes import KubernetesBackend
        from engine.kube.client import Kube

        path, context = environment.get("KUBECONFIG") or None, environment.get("MF_KUBE_CONTEXT") or None
        return KubernetesBackend(url, Kube.load(path, context=context))
    raise UnsupportedError(f"backend '{url}' is not supported by the embedded engine; it knows {_KINDS}")
