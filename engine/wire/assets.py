"""Content hashes of assets and archives: what tells the engine that a file changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from engine.values import Archive, Asset, OutputValue, Props, Secret, Value
from engine.wire.archive import archive_files, packed
from engine.wire.content import asset_bytes
from engine.wire.tar import tar_stream


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
    """With its hash: SHA-256 of an asset's bytes, of an archive file's, or of a tar of what an archive holds."""
    if value.hash:
        return value
    if isinstance(value, Asset):
        return replace(value, hash=hashlib.sha256(asset_bytes(value, directory)).hexdigest())
    content = packed(value, directory)
    if content is not None:
        return replace(value, hash=hashlib.sha256(content).hexdigest())
    digest = hashlib.sha256()
    for block in tar_stream(archive_files(value, directory)):
        digest.update(block)
    return replace(value, hash=digest.hexdigest())
