"""Pushing images of the bundle into the platform's own registry, over HTTP on loopback.

A blob that is there already is not sent again, and the manifest comes last: whoever sees it can pull everything.
"""

from __future__ import annotations

import io
import json
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urljoin, urlsplit, urlunsplit

import urllib3

from baremetal.bundle.image import full_name
from baremetal.errors import BundleError, RegistryRefused

LOCAL_REGISTRY = "127.0.0.1:30500"
_TIMEOUT = urllib3.Timeout(connect=5.0, read=300.0)
_NAME = "io.containerd.image.name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """An image in a registry, by the digest under which everybody can pull it."""

    reference: str
    digest: str
    sent: int

    @property
    def pinned(self) -> str:
        """The name with the digest in place of the tag."""
        name, _, _ = self.reference.rpartition(":")
        return f"{name}@{self.digest}"


def push(
    archive: Path,
    reference: str,
    registry: str = LOCAL_REGISTRY,
    *,
    scheme: str = "http",
    progress: Callable[[str], None] | None = None,
) -> Pushed:
    """Push one image of an archive; `microfoundry/python:3.11` becomes `<registry>/microfoundry/python:3.11`."""
    name, _, tag = reference.rpartition(":")
    upload = _Upload(f"{scheme}://{registry}/v2/{name}", registry)
    sent = 0
    with _open(archive) as tar:
        entry = _entry(tar, archive, reference)
        data = _blob(tar, entry["digest"]).read()
        manifest = json.loads(data)
        for part in (*manifest["layers"], manifest["config"]):
            if upload.has(part["digest"]):
                continue
            if progress is not None:
                progress(f"pushing {name}: {part['size'] / 1e6:.1f} MB")
            upload.blob(part["digest"], part["size"], _blob(tar, part["digest"]))
            sent += int(part["size"])
        upload.manifest(tag, entry["mediaType"], data)
    return Pushed(reference=f"{registry}/{reference}", digest=entry["digest"], sent=sent)


def await_registry(registry: str, *, scheme: str = "http", patience: float = 30.0) -> None:
    """Wait for a registry that was started a moment ago; its service's address may take a second to appear."""
    pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=2.0, read=5.0))
    deadline = time.monotonic() + patience
    while (failure := _failure(pool, f"{scheme}://{registry}/v2/")) is not None:
        if time.monotonic() >= deadline:
            raise RegistryRefused(registry, "answer", failure)
        time.sleep(0.3)


def _failure(pool: urllib3.PoolManager, url: str) -> str | None:
    try:
        status = pool.request("GET", url).status
    except urllib3.exceptions.HTTPError as error:
        return str(error)
    return None if status in (200, 401) else f"HTTP {status}"


class _Upload:
    """The few requests that pushing consists of."""

    def __init__(self, base: str, registry: str) -> None:
        self._base, self._registry = base, registry
        self._pool = urllib3.PoolManager(retries=False, timeout=_TIMEOUT)

    def has(self, digest: str) -> bool:
        """Whether the registry holds a blob."""
        return self._send("HEAD", f"{self._base}/blobs/{digest}", expected=(200, 404)).status == 200

    def blob(self, digest: str, size: int, content: IO[bytes]) -> None:
        """Send a blob in one piece; the registry keeps it only if the digest is right."""
        begun = self._send("POST", f"{self._base}/blobs/uploads/", expected=(202,))
        place = urljoin(self._base, begun.headers["Location"])
        target = urlsplit(place)
        query = f"{target.query}&digest={digest}" if target.query else f"digest={digest}"
        url = urlunsplit((target.scheme, target.netloc, target.path, query, ""))
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
        self._send("PUT", url, body=content, headers=headers, expected=(201,))

    def manifest(self, tag: str, media_type: str, data: bytes) -> None:
        """Name the image."""
        url = f"{self._base}/manifests/{tag}"
        self._send("PUT", url, body=data, headers={"Content-Type": media_type}, expected=(201,))

    def _send(self, method: str, url: str, *, expected: tuple[int, ...], **rest: Any) -> urllib3.BaseHTTPResponse:
        action = f"{method} {urlsplit(url).path}"
        try:
            answer = self._pool.request(method, url, **rest)
        except urllib3.exceptions.HTTPError as error:
            raise RegistryRefused(self._registry, action, str(error)) from error
        if answer.status not in expected:
            detail = answer.data.decode(errors="replace")[:300].strip()
            raise RegistryRefused(self._registry, action, f"HTTP {answer.status} {detail}".strip())
        return answer


@contextmanager
def _open(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(archive) as tar:
            yield tar
    except (FileNotFoundError, tarfile.ReadError) as error:
        raise BundleError(f"{archive} is no readable image archive ({error})") from error


def _blob(tar: tarfile.TarFile, digest: str) -> IO[bytes]:
    return tar.extractfile("blobs/" + digest.replace(":", "/")) or io.BytesIO()


def _entry(tar: tarfile.TarFile, archive: Path, reference: str) -> dict[str, str]:
    stream = tar.extractfile("index.json") or io.BytesIO(b"{}")
    entries = json.loads(stream.read())["manifests"]
    for entry in entries:
        if entry["annotations"][_NAME] == full_name(reference):
            return cast(dict[str, str], entry)
    names = ", ".join(entry["annotations"][_NAME] for entry in entries)
    raise BundleError(f"{archive} holds no image {reference!r}; it holds {names}")
