"""Content hashes of assets and archives: what tells the engine that a file changed."""

from __future__ import annotations

import hashlib
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from engine.errors import EngineError
from engine.values import Archive, Asset, OutputValue, Props, Secret, Value


class AssetError(EngineError):
    """An asset or archive whose content cannot be had."""


def with_hashes(value: Value, directory: Path) -> Value:
    """The same value with every asset and archive in it hashed; relative paths start at `directory`."""
    if isinstance(value, Asset | Archive):
        return hashed(value, directory)
    if isinstance(value, Mapping):
        return {key: with_hashes(item, directory) for key, item in value.items()}
    if isinstance(value, list):
        return [with_hashes(item, directory) for item in value]
    if isinstance(value, Secret | OutputValue):
        return replace(value, value=with_hashes(value.value, directory))
    return value


def has_assets(value: Value) -> bool:
    """Whether there is anything to hash, so that most values need no copy."""
    if isinstance(value, Asset | Archive):
        return True
    if isinstance(value, Mapping):
        return any(has_assets(item) for item in value.values())
    if isinstance(value, list):
        return any(has_assets(item) for item in value)
    return isinstance(value, Secret | OutputValue) and has_assets(value.value)


def hash_props(props: Props, directory: Path) -> Props:
    """The properties with hashes filled in; the very same object where there are no assets."""
    return {key: with_hashes(item, directory) for key, item in props.items()} if has_assets(props) else props


def hashed(value: Asset | Archive, directory: Path) -> Asset | Archive:
    """The asset or archive with its hash: SHA-256 of an asset's bytes, or of an archive as a tar of its files."""
    if value.hash:
        return value
    if isinstance(value, Asset):
        return replace(value, hash=hashlib.sha256(asset_bytes(value, directory)).hexdigest())
    digest = hashlib.sha256()
    for block in _tar(value, directory):
        digest.update(block)
    return replace(value, hash=digest.hexdigest())


def asset_bytes(asset: Asset, directory: Path) -> bytes:
    """The content of an asset."""
    if asset.text is not None:
        return asset.text.encode()
    if asset.path is not None:
        return _read(directory / asset.path)
    if asset.uri is not None:
        return _fetch(asset.uri)
    raise AssetError("an asset has neither path, text nor uri; give it one of them")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise AssetError(f"asset {path} cannot be read: {exc.strerror}") from exc


def _fetch(uri: str) -> bytes:
    if urlsplit(uri).scheme == "file":
        return _read(Path(urlsplit(uri).path))
    if urlsplit(uri).scheme not in ("http", "https"):
        raise AssetError(f"asset {uri} has an unknown scheme; use file, http or https")
    try:
        with urllib.request.urlopen(uri, timeout=60) as reply:
            return bytes(reply.read())
    except OSError as exc:
        raise AssetError(f"asset {uri} cannot be fetched: {exc}") from exc


def archive_files(archive: Archive, directory: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file in an archive, in a stable order."""
    if archive.assets is not None:
        for name in sorted(archive.assets):
            yield from _member(name, archive.assets[name], directory)
    elif archive.path is not None and (directory / archive.path).is_dir():
        root = directory / archive.path
        for path in sorted(item for item in root.rglob("*") if item.is_file()):
            yield path.relative_to(root).as_posix(), _read(path)
    elif archive.path is not None:
        yield Path(archive.path).name, _read(directory / archive.path)
    elif archive.uri is not None:
        yield Path(urlsplit(archive.uri).path).name, _fetch(archive.uri)


def _member(name: str, item: Asset | Archive, directory: Path) -> Iterator[tuple[str, bytes]]:
    if isinstance(item, Asset):
        yield name, asset_bytes(item, directory)
        return
    for inner, content in archive_files(item, directory):
        yield f"{name}/{inner}", content


def _tar(archive: Archive, directory: Path) -> Iterator[bytes]:
    for name, content in archive_files(archive, directory):
        yield _tar_header(name, len(content))
        yield content
        yield bytes(-len(content) % 512)
    yield bytes(1024)


def _tar_header(name: str, size: int) -> bytes:
    """A USTAR header without owner and time, so that the same files always hash alike."""
    head = name.encode()[:100].ljust(100, b"\0") + b"0000600\0" + b"0000000\0" * 2
    tail = b"%011o\0" % size + b"%011o\0" % 0
    rest = b"0" + bytes(100) + b"ustar\x0000" + bytes(64) + b"0000000\0" * 2 + bytes(167)
    checksum = sum(head) + sum(tail) + sum(rest) + 8 * ord(" ")
    return head + tail + b"%06o\0 " % checksum + rest
