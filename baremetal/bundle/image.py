"""Container images as OCI layouts in one tar file, written without any container tool."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from baremetal.bundle.layer import Layer

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageConfig:
    """How an image's container is started when nobody says otherwise."""

    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    workdir: str = "/"
    ports: tuple[int, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image: its name, its layers from the lowest up, and how it starts."""

    reference: str
    layers: tuple[Layer, ...]
    config: ImageConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A piece of an image that is named by its content, held in memory or in a file."""

    digest: str
    size: int
    data: bytes | None = None
    path: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """An image ready to be written: its manifest and every blob that the manifest names."""

    reference: str
    manifest: Blob
    config: Blob
    layers: tuple[Blob, ...]
    media_type: str = MANIFEST


def full_name(reference: str) -> str:
    """The name under which container runtimes know a reference that names no registry."""
    first, _, rest = reference.partition("/")
    if rest and ("." in first or ":" in first or first == "localhost"):
        return reference
    return f"docker.io/{reference}" if rest else f"docker.io/library/{reference}"


def pack(image: Image) -> Packed:
    """Compute an image's config and manifest."""
    config = _blob(_json(_config_document(image)))
    layers = tuple(Blob(digest=layer.digest, size=layer.size, path=layer.path) for layer in image.layers)
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": CONFIG, "digest": config.digest, "size": config.size},
        "layers": [{"mediaType": LAYER, "digest": layer.digest, "size": layer.size} for layer in layers],
    }
    return Packed(reference=image.reference, manifest=_blob(_json(manifest)), config=config, layers=layers)


def write_archive(target: Path, images: Sequence[Packed]) -> dict[str, str]:
    """Write images into one tar that containerd, buildah, skopeo and docker read; returns name → manifest digest."""
    blobs = {blob.digest: blob for image in images for blob in (*image.layers, image.config, image.manifest)}
    with tarfile.open(target, "w", format=tarfile.GNU_FORMAT) as tar:
        tar.copybufsize = 1 << 20  # type: ignore[attr-defined]  # an attribute since 3.5 that the stubs leave out
        _add(tar, "oci-layout", _json({"imageLayoutVersion": "1.0.0"}))
        _add(tar, "index.json", _json(_index(images)))
        _add(tar, "manifest.json", _json([_docker_entry(image) for image in images]))
        for name in sorted(blobs):
            _add_blob(tar, blobs[name])
    return {image.reference: image.manifest.digest for image in images}


def _config_document(image: Image) -> dict[str, object]:
    config = image.config
    started: dict[str, object] = {
        "Env": [f"{key}={value}" for key, value in {"PATH": PATH, **config.env}.items()],
        "WorkingDir": config.workdir,
    }
    optional: dict[str, object] = {
        "Entrypoint": list(config.entrypoint),
        "Cmd": list(config.command),
        "User": config.user,
        "ExposedPorts": {f"{port}/tcp": {} for port in config.ports},
        "Labels": dict(config.labels),
    }
    started.update({key: value for key, value in optional.items() if value})
    return {
        "architecture": "amd64",
        "os": "linux",
        "created": "1970-01-01T00:00:00Z",
        "config": started,
        "rootfs": {"type": "layers", "diff_ids": [layer.digest for layer in image.layers]},
        "history": [{"created": "1970-01-01T00:00:00Z", "created_by": "microfoundry"} for _ in image.layers],
    }


def _index(images: Sequence[Packed]) -> dict[str, object]:
    return {
        "schemaVersion": 2,
        "mediaType": INDEX,
        "manifests": [
            {
                "mediaType": image.media_type,
                "digest": image.manifest.digest,
                "size": image.manifest.size,
                "platform": {"architecture": "amd64", "os": "linux"},
                "annotations": {
                    "io.containerd.image.name": full_name(image.reference),
                    "org.opencontainers.image.ref.name": full_name(image.reference),
                },
            }
            for image in images
        ],
    }


def _docker_entry(image: Packed) -> dict[str, object]:
    return {
        "Config": _blob_path(image.config.digest),
        "RepoTags": [image.reference],
        "Layers": [_blob_path(layer.digest) for layer in image.layers],
    }


def _blob_path(digest: str) -> str:
    return "blobs/" + digest.replace(":", "/")


def _blob(data: bytes) -> Blob:
    return Blob(digest=f"sha256:{hashlib.sha256(data).hexdigest()}", size=len(data), data=data)


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _header(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o644, 0
    return entry


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    tar.addfile(_header(name, len(data)), io.BytesIO(data))


def _add_blob(tar: tarfile.TarFile, blob: Blob) -> None:
    name = _blob_path(blob.digest)
    if blob.path is None:
        _add(tar, name, blob.data or b"")
        return
    with blob.path.open("rb") as stream:
        tar.addfile(_header(name, blob.size), stream)
