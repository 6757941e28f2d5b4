"""For tests (support file): the files of one image of an OCI archive, unpacked."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

_NAME = "io.containerd.image.name"


def unpack(archive: Path, reference: str, target: Path) -> Path:
    """Unpack the image's layers below `target`."""
    with tarfile.open(archive) as outer:
        index = json.loads(_blob(outer, "index.json"))
        found = next(m for m in index["manifests"] if m["annotations"][_NAME] == reference)
        manifest = json.loads(_blob(outer, _path(found["digest"])))
        for layer in manifest["layers"]:
            content = outer.extractfile(_path(layer["digest"]))
            assert content is not None
            with tarfile.open(fileobj=content, mode="r:*") as inner:
                inner.extractall(target, filter="tar")
    return target


def program(root: Path, *names: str) -> Path:
    """The program of that name in the unpacked files; links inside an image point from its own root."""
    for name in names:
        for path in sorted(root.rglob(name)):
            if path.is_symlink() or path.is_file():
                return _resolved(root, path)
    raise AssertionError(f"no {' or '.join(names)} in the image")


def _resolved(root: Path, path: Path) -> Path:
    """A link that works outside of the image; its name is kept, as programs may look at how they are called."""
    if path.is_symlink() and str(path.readlink()).startswith("/"):
        inside = root / str(path.readlink()).lstrip("/")
        path.unlink()
        path.symlink_to(inside)
    return path


def _blob(outer: tarfile.TarFile, path: str) -> bytes:
    content = outer.extractfile(path)
    assert content is not None, f"the archive has no {path}"
    return content.read()


def _path(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"
