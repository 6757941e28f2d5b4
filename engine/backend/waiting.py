"""Waiting for a lock: try, tell once, try again until it is free or time is up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from engine.backend.api import LockWish
from engine.errors import StackLocked

_PAUSE: Final = 0.5


def acquire(attempt: Callable[[], Sequence[str]], wish: LockWish, pause: float = _PAUSE) -> None:
    """Call `attempt` until it names no more holders; StackLocked with those that are left when time is up."""
    deadline = time.monotonic() + wish.wait
    told = False
    while holders := attempt():
        left = deadline - time.monotonic()
        if left <= 0:
            raise StackLocked(holders)
        if not told:
            wish.say(f"the stack is locked ({'; '.join(holders)}); waiting up to {left:.0f} s")
            told = True
        time.sleep(min(pause, left))
