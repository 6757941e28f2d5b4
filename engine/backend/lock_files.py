"""Locks as entries of a store: one per holder, in a folder per stack."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from engine.backend.api import LockWish
from engine.backend.blobs import Blobs
from engine.backend.holder import Holder
from engine.backend.waiting import acquire


@contextmanager
def hold(blobs: Blobs, folder: str, wish: LockWish) -> Iterator[None]:
    """Hold the lock of a folder; StackLocked where a live process does already."""
    mine = f"{folder}{uuid.uuid4()}.json"
    acquire(lambda: _attempt(blobs, folder, mine, wish), wish)
    try:
        yield
    finally:
        blobs.delete(mine)


def names(blobs: Blobs, folder: str) -> list[str]:
    """The keys of all locks of a folder."""
    return [blob.key for blob in blobs.list(folder) if blob.key.endswith(".json")]


def _attempt(blobs: Blobs, folder: str, mine: str, wish: LockWish) -> Sequence[str]:
    if holders := _others(blobs, folder, mine, wish):
        return holders
    blobs.put(mine, json.dumps(Holder.me().tree()).encode())
    # Two may have come this far at once: whoever sees the other steps back.
    if holders := _others(blobs, folder, mine, wish):
        blobs.delete(mine)
    return holders


def _others(blobs: Blobs, folder: str, mine: str, wish: LockWish) -> Sequence[str]:
    found = []
    for key in names(blobs, folder):
        if key == mine:
            continue
        try:
            holder = Holder.parse(json.loads(blobs.get(key)))
        except FileNotFoundError:
            continue
        except (ValueError, RecursionError):
            found.append(f"{blobs.name(key)}: unreadable")
            continue
        if holder.is_gone():
            blobs.delete(key)
            wish.say(f"took over the lock of a process that is gone: {holder}")
        else:
            found.append(f"{blobs.name(key)}: {holder}")
    return found
