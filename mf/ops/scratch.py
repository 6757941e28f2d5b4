"""Throw-away folders: below one private folder of this user, named by their process, swept when that was killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import weakref
from functools import cache
from pathlib import Path

from mf.errors import Unavailable


def folder(purpose: str) -> tempfile.TemporaryDirectory[str]:
    """A fresh folder that goes with the block, or with the process; what killed processes left goes first."""
    prefix = f"{purpose}-{os.getpid()}-"
    try:
        return tempfile.TemporaryDirectory(prefix=prefix, dir=_swept(parent()))
    except FileNotFoundError:  # another process that ended has just removed the empty parent
        _swept.cache_clear()
        return tempfile.TemporaryDirectory(prefix=prefix, dir=_swept(parent()))


def parent() -> Path:
    """Not on `$XDG_RUNTIME_DIR`, which is memory: a source may be a gigabyte."""
    return Path(tempfile.gettempdir()) / f"microfoundry-{os.geteuid()}"


def sweep(place: Path) -> None:
    """Remove the folders of processes that are no more."""
    for left in place.iterdir():
        owner = left.name.split("-")[-2:-1]
        if owner and owner[0].isdigit() and not _lives(int(owner[0])):
            shutil.rmtree(left, ignore_errors=True)


@cache
def _swept(place: Path) -> Path:
    """Once in a process; a folder that somebody else has put there is refused, as they could read or swap files."""
    place.mkdir(mode=0o700, exist_ok=True)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise Unavailable(
            f"{place} is not a private folder of this user", hint="remove it, or set TMPDIR to a folder of your own"
        )
    sweep(place)
    # Finalizers run last made first: this one after those of the folders that are made below it.
    weakref.finalize(parent, _remove_empty, place)
    return place


def _remove_empty(place: Path) -> None:
    with contextlib.suppress(OSError):
        place.rmdir()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True  # a process of somebody else; what is left then goes another time
    return True
