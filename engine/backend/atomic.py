"""Files that are whole or not there: written aside, then put in place by one rename."""

from __future__ import annotations

import os
import uuid
from pathlib import Path


def write(path: Path, data: bytes, *, sync: bool = False, mode: int = 0o600) -> None:
    """Put `data` at `path`; with `sync` it outlives a power cut, else only the end of this process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = _aside(path)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def keep_previous(path: Path, previous: Path) -> None:
    """Give the present content of `path` a second name, without a moment in which `path` is missing."""
    aside = _aside(previous)
    try:
        os.link(path, aside)
    except FileNotFoundError:
        return
    except OSError:
        # A file system without hard links.
        aside.write_bytes(path.read_bytes())
    aside.replace(previous)


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{uuid.uuid4().hex}")
