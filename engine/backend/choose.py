"""Opens the backend that a URL names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from engine.backend.api import Backend
from engine.errors import UnsupportedError

_KINDS: Final = "file://DIR, s3://BUCKET, gs://BUCKET, azblob://CONTAINER and kubernetes://NAMESPACE"
_OBJECTS: Final = {"s3": "open_s3", "gs": "open_gs", "azblob": "open_azure"}


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
    if scheme in _OBJECTS:
        return _open_objects(scheme, url, environment)
    raise UnsupportedError(f"backend '{url}' is not supported by the embedded engine; it knows {_KINDS}")


def _open_objects(scheme: str, url: str, environment: Mapping[str, str]) -> Backend:
    # The library is only loaded for those who use it.
    from engine.backend import store_url
    from engine.backend.diy import DiyBackend
    from engine.backend.objects import Objects, opened

    store = opened(url, lambda: getattr(store_url, _OBJECTS[scheme])(url, environment))
    return DiyBackend(url, Objects(store, url), environment)
