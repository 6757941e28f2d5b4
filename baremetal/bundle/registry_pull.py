"""Fetching an image from a public registry, blob by blob, each checked against its digest."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

from baremetal.bundle.download import pool, site_answers
from baremetal.bundle.image import INDEX, MANIFEST, Blob, Packed, full_name
from baremetal.errors import ChecksumMismatch, RegistryRefused

_DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
_DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
_ACCEPT = ", ".join((MANIFEST, INDEX, _DOCKER_MANIFEST, _DOCKER_LIST))
_PROBE = urllib3.Timeout(connect=2.5, read=4.0)
_PATIENT = urllib3.Timeout(connect=10.0, read=120.0)
_HOSTS = {"docker.io": "registry-1.docker.io"}


class Puller:
    """One image of one registry."""

    def __init__(self, reference: str, *, scheme: str = "https") -> None:
        registry, _, rest = full_name(reference).partition("/")
        self._name, _, self._tag = rest.rpartition(":")
        self._registry = registry
        self._site = f"{scheme}://{_HOSTS.get(registry, registry)}"
        self._base = f"{self._site}/v2/{self._name}"
        self._headers: dict[str, str] = {}

    def reachable(self) -> bool:
        """Whether manifest and config can be had: a registry may answer while the place of its blobs does not."""
        if not site_answers(self._site):
            return False
        try:
            manifest = json.loads(self._manifest(_PROBE).data)
            self._get(f"blobs/{manifest['config']['digest']}", timeout=_PROBE)
        except (RegistryRefused, json.JSONDecodeError, KeyError):
            return False
        return True

    def pull(self, folder: Path, *, name: str) -> Packed:
        """Fetch manifest, config and layers into a folder."""
        answer = self._manifest(_PATIENT)
        data = answer.data
        manifest = json.loads(data)
        entries = [manifest["config"], *manifest["layers"]]
        config, *layers = [self._blob(entry["digest"], folder) for entry in entries]
        checksum = f"sha256:{hashlib.sha256(data).hexdigest()}"
        return Packed(
            reference=name,
            manifest=Blob(digest=checksum, size=len(data), data=data),
            config=config,
            layers=tuple(layers),
            media_type=manifest.get("mediaType", MANIFEST),
        )

    def _manifest(self, timeout: urllib3.Timeout) -> urllib3.BaseHTTPResponse:
        answer = self._get(f"manifests/{self._tag}", timeout=timeout)
        document = json.loads(answer.data)
        if "manifests" not in document:
            return answer
        for entry in document["manifests"]:
            platform = entry.get("platform", {})
            if (platform.get("os"), platform.get("architecture")) == ("linux", "amd64"):
                return self._get(f"manifests/{entry['digest']}", timeout=timeout)
        raise RegistryRefused(self._registry, f"give {self._name}:{self._tag}", "it has none for linux/amd64")

    def _blob(self, digest: str, folder: Path) -> Blob:
        path = folder / digest.replace(":", "-")
        if not path.exists():
            answer = self._get(f"blobs/{digest}", timeout=_PATIENT, stream=True)
            running = hashlib.sha256()
            with path.open("wb") as file:
                for chunk in answer.stream(1 << 20):
                    running.update(chunk)
                    file.write(chunk)
            if f"sha256:{running.hexdigest()}" != digest:
                path.unlink()
                raise ChecksumMismatch(f"{self._base}/blobs/{digest}", digest, running.hexdigest())
        return Blob(digest=digest, size=path.stat().st_size, path=path)

    def _get(self, path: str, *, timeout: urllib3.Timeout, stream: bool = False) -> urllib3.BaseHTTPResponse:
        answer = self._ask(path, timeout=timeout, stream=stream)
        if answer.status == 401 and "Authorization" not in self._headers:
            self._authorize(answer.headers.get("WWW-Authenticate", ""), timeout)
            answer = self._ask(path, timeout=timeout, stream=stream)
        if answer.status != 200:
            raise RegistryRefused(self._registry, f"give {self._name} {path}", f"HTTP {answer.status}")
        return answer

    def _ask(self, path: str, *, timeout: urllib3.Timeout, stream: bool) -> urllib3.BaseHTTPResponse:
        headers = {"Accept": _ACCEPT, **self._headers}
        try:
            return pool().request(
                "GET", f"{self._base}/{path}", headers=headers, timeout=timeout, preload_content=not stream
            )
        except urllib3.exceptions.HTTPError as error:
            raise RegistryRefused(self._registry, f"give {self._name} {path}", str(error)) from error

    def _authorize(self, challenge: str, timeout: urllib3.Timeout) -> None:
        """Public images ask for a token that anybody gets."""
        fields: dict[str, Any] = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
        realm = fields.pop("realm", "")
        if not realm:
            raise RegistryRefused(self._registry, f"give {self._name}", "it asks for a log-in of an unknown kind")
        answer = pool().request("GET", f"{realm}?{urlencode(fields)}", timeout=timeout)
        token = json.loads(answer.data)
        self._headers["Authorization"] = f"Bearer {token.get('token') or token.get('access_token')}"
