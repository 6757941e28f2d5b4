"""The bytes of assets: text, files, and what URLs lead to."""

from __future__ import annotations

import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from engine.errors import EngineError
from engine.values import Asset


class AssetError(EngineError):
    """An asset or archive whose content cannot be had."""


def asset_bytes(asset: Asset, directory: Path) -> bytes:
    """The content of an asset; relative paths start at `directory`."""
    if asset.path:
        return file_bytes(directory / asset.path)
    if asset.uri:
        return fetched(asset.uri)
    if asset.text is not None:
        return asset.text.encode()
    raise AssetError("an asset has neither path, text nor uri; give it one of them")


def file_bytes(path: Path) -> bytes:
    """The content of a file."""
    if path.is_dir():
        raise AssetError(f"asset path '{path}' is a directory; try using an archive")
    try:
        return path.read_bytes()
    except OSError as exc:
        raise AssetError(f"asset {path} cannot be read: {exc.strerror}") from exc


def fetched(uri: str) -> bytes:
    """What a URL leads to."""
    parts = urlsplit(uri)
    if parts.scheme == "file":
        return file_bytes(Path(parts.path))
    if parts.scheme not in ("http", "https"):
        raise AssetError(f"asset {uri} has an unknown scheme; use file, http or https")
    try:
        with urllib.request.urlopen(uri, timeout=60) as reply:
            return bytes(reply.read())
    except OSError as exc:
        raise AssetError(f"asset {uri} cannot be fetched: {exc}") from exc
