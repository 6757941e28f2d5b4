"""The files that an archive stands for: named ones, those of a folder, or those inside an archive file."""

from __future__ import annotations

import io
import posixpath
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from engine.values import Archive, Asset
from engine.wire.content import AssetError, asset_bytes, fetched, file_bytes

_BOOKKEEPING: Final = ".pulumi"

Files = Iterator[tuple[str, bytes]]


def packed(archive: Archive, directory: Path) -> bytes | None:
    """The bytes of an archive that is an archive file already."""
    if archive.path:
        return file_bytes(directory / archive.path) if _reader(archive.path) else None
    return fetched(archive.uri) if archive.uri and _reader(urlsplit(archive.uri).path) else None


def archive_files(archive: Archive, directory: Path) -> Files:
    """Name and content of every file in an archive, in the order in which they are hashed."""
    if archive.path:
        yield from _at_path(directory / archive.path)
    elif archive.uri:
        yield from _unpacked(urlsplit(archive.uri).path, archive.uri, fetched)
    elif archive.assets is not None:
        for name in sorted(archive.assets):
            yield from _member(name, archive.assets[name], directory)
    else:
        raise AssetError("of an archive only the hash is known, so that its content cannot be read")


def _member(name: str, item: Asset | Archive, directory: Path) -> Files:
    if isinstance(item, Asset):
        yield name, asset_bytes(item, directory)
        return
    for inner, content in archive_files(item, directory):
        yield posixpath.normpath(f"{name}/{inner}"), content


def _at_path(path: Path) -> Files:
    if _reader(path.name):
        yield from _unpacked(path.name, path, file_bytes)
    elif path.is_dir():
        for one in _walk(path):
            yield one.relative_to(path).as_posix(), file_bytes(one)
    elif path.exists():
        raise AssetError(f"'{path}' is neither a recognized archive type nor a directory")
    else:
        raise AssetError(f"couldn't read archive path '{path}': no such file or directory")


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name == _BOOKKEEPING or (path.is_symlink() and path.is_dir()):
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


def _unpacked(name: str, source: Path | str, read: Callable[[Any], bytes]) -> Files:
    reader = _reader(name)
    if reader is None:
        raise AssetError(f"file at URL '{source}' is not a recognized archive format")
    try:
        yield from reader(read(source))
    except (tarfile.TarError, zipfile.BadZipFile, OSError) as exc:
        raise AssetError(f"archive {source} cannot be unpacked: {exc}") from exc


def _tarred(content: bytes) -> Files:
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        for one in tar:
            if one.isdir():
                continue
            stream = tar.extractfile(one) if one.isreg() else None
            if stream is None:
                raise AssetError(f"archive member '{one.name}' is neither a file nor a folder")
            yield posixpath.normpath(one.name), stream.read()


def _zipped(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for one in file.infolist():
            if not one.is_dir():
                yield posixpath.normpath(one.filename), file.read(one)


_READERS: Final[dict[str, Callable[[bytes], Files]]] = {
    ".tar": _tarred,
    ".tgz": _tarred,
    ".tar.gz": _tarred,
    ".zip": _zipped,
    ".jar": _zipped,
}


def _reader(name: str) -> Callable[[bytes], Files] | None:
    return next((read for ending, read in _READERS.items() if name.endswith(ending)), None)
