"""Image layers: tar files whose bytes depend on nothing but their content."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, cast


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A finished layer; its digest is both its name as a blob and, being uncompressed, its diff id."""

    path: Path
    digest: str
    size: int


class _Hashing:
    """A file that hashes what is written to it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.hash = hashlib.sha256()
        self.size = 0

    def tell(self) -> int:
        """How much was written; tarfile asks once, at the start."""
        return self.size

    def write(self, data: bytes) -> int:
        self.hash.update(data)
        self.size += len(data)
        return self._stream.write(data)


class LayerWriter:
    """Writes one layer; entries appear in the order in which they are added."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("wb")
        self._hashing = _Hashing(self._file)
        self._tar = tarfile.TarFile(fileobj=cast(IO[bytes], self._hashing), mode="w", format=tarfile.GNU_FORMAT)
        self._folders: set[str] = set()
        self._linked: dict[tuple[int, int], str] = {}

    def __enter__(self) -> LayerWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._tar.close()
        self._file.close()

    def finish(self) -> Layer:
        """Close the layer and tell its digest."""
        self._tar.close()
        self._file.close()
        return Layer(path=self._path, digest=f"sha256:{self._hashing.hash.hexdigest()}", size=self._hashing.size)

    def folder(self, name: str, *, mode: int = 0o755, owner: int = 0) -> None:
        """Add a folder and the folders above it, once."""
        name = name.strip("/")
        if not name or name in self._folders:
            return
        self.folder(str(Path(name).parent) if "/" in name else "")
        self._folders.add(name)
        self._tar.addfile(_entry(name, tarfile.DIRTYPE, mode=mode, owner=owner))

    def text(self, name: str, content: str, *, mode: int = 0o644) -> None:
        """Add a small file from text."""
        data = content.encode()
        self._above(name)
        entry = _entry(name, tarfile.REGTYPE, mode=mode)
        entry.size = len(data)
        self._tar.addfile(entry, io.BytesIO(data))

    def program(self, name: str, source: Path) -> None:
        """Add an executable file."""
        self._above(name)
        entry = _entry(name, tarfile.REGTYPE, mode=0o755)
        entry.size = source.stat().st_size
        with source.open("rb") as stream:
            self._tar.addfile(entry, stream)

    def link(self, name: str, target: str) -> None:
        """Add a symbolic link."""
        self._above(name)
        entry = _entry(name, tarfile.SYMTYPE, mode=0o777)
        entry.linkname = target
        self._tar.addfile(entry)

    def tree(self, name: str, source: Path) -> None:
        """Add a folder with all it holds, owned by root, executable where it was."""
        self.folder(name)
        for path in sorted(source.rglob("*")):
            inside = f"{name.strip('/')}/{path.relative_to(source).as_posix()}"
            if path.is_symlink():
                self.link(inside, str(path.readlink()))
            elif path.is_dir():
                self.folder(inside)
            elif path.stat().st_mode & stat.S_IXUSR:
                self.program(inside, path)
            else:
                self._plain(inside, path)

    def _plain(self, name: str, source: Path) -> None:
        self._above(name)
        entry = _entry(name, tarfile.REGTYPE, mode=0o644)
        entry.size = source.stat().st_size
        with source.open("rb") as stream:
            self._tar.addfile(entry, stream)

    def copy(self, root: Path, names: Iterable[str]) -> None:
        """Add paths of a root file system as they are: owners, modes, times and hard links kept."""
        for name in names:
            path = root / name
            status = path.lstat()
            entry = _from_status(name, path, status)
            first = self._linked.setdefault((status.st_dev, status.st_ino), name)
            if entry.isreg() and status.st_nlink > 1 and first != name:
                entry.type, entry.linkname, entry.size = tarfile.LNKTYPE, first, 0
            if entry.isreg():
                with path.open("rb") as stream:
                    self._tar.addfile(entry, stream)
            else:
                self._tar.addfile(entry)

    def whiteout(self, name: str) -> None:
        """Hide a path of the layers below."""
        path = Path(name)
        self._tar.addfile(_entry(str(path.parent / f".wh.{path.name}"), tarfile.REGTYPE, mode=0o000))

    def _above(self, name: str) -> None:
        if "/" in name.strip("/"):
            self.folder(str(Path(name.strip("/")).parent))


def _entry(name: str, kind: bytes, *, mode: int, owner: int = 0) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name.strip("/"))
    entry.type, entry.mode, entry.uid, entry.gid, entry.mtime = kind, mode, owner, owner, 0
    return entry


_KINDS = {stat.S_IFDIR: tarfile.DIRTYPE, stat.S_IFLNK: tarfile.SYMTYPE, stat.S_IFREG: tarfile.REGTYPE}


def _from_status(name: str, path: Path, status: os.stat_result) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type = _KINDS[stat.S_IFMT(status.st_mode)]
    entry.mode = stat.S_IMODE(status.st_mode)
    entry.uid, entry.gid, entry.mtime = status.st_uid, status.st_gid, int(status.st_mtime)
    if entry.issym():
        entry.linkname = str(path.readlink())
    elif entry.isreg():
        entry.size = status.st_size
    return entry
