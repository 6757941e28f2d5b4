"""Content hashes: the same ingredients give the same digest, on every machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

SHORT = 16
_CHUNK = 1 << 20


def of_recipe(recipe: Mapping[str, object]) -> str:
    """Digest of a recipe, whatever the order its keys were written in."""
    text = json.dumps(recipe, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def of_file(path: Path) -> str:
    """SHA-256 of a file's content."""
    running = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            running.update(chunk)
    return running.hexdigest()


def of_tree(folder: Path) -> str:
    """Digest over the names and contents of all files beneath a folder."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return of_recipe({name: of_file(folder / name) for name in names})
