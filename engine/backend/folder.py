"""Blobs as files of a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.backend import atomic
from engine.backend.blobs import Blob


class Folder:
    """The files beneath one folder; those whose name starts with a dot are half-written ones, and not there."""

    parallel = 1

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, key: str) -> Path:
        """Where an entry lies."""
        return self.root / key

    def name(self, key: str) -> str:
        return str(self.path(key))

    def get(self, key: str) -> bytes:
        return self.path(key).read_bytes()

    def put(self, key: str, data: bytes, *, sync: bool = False) -> None:
        atomic.write(self.path(key), data, sync=sync)

    def copy(self, source: str, target: str) -> None:
        # No link: who edits a state in place must not edit its history with it.
        if self.path(source).exists():
            self.put(target, self.get(source))

    def keep(self, key: str) -> None:
        atomic.keep_previous(self.path(key), self.path(f"{key}.bak"))

    def delete(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)
        # Attributes that Pulumi's own library keeps beside a file.
        self.path(f"{key}.attrs").unlink(missing_ok=True)

    def find(self, keys: Sequence[str]) -> list[Blob]:
        found = []
        for key in keys:
            try:
                found.append(Blob(key, self.path(key).stat().st_mtime))
            except (FileNotFoundError, NotADirectoryError):
                continue
        return found

    def list(self, folder: str) -> list[Blob]:
        return sorted(self._walk(self.path(folder)), key=lambda blob: blob.key)

    def _walk(self, folder: Path) -> Iterator[Blob]:
        for place, _, names in os.walk(folder):
            above = Path(place).relative_to(self.root).as_posix()
            keys = [f"{above}/{name}" for name in names if not name.startswith(".") and not name.endswith(".attrs")]
            yield from self.find(keys)
