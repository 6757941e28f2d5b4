"""Ctrl-C during an update: the first asks it to stop in order, the second no longer waits for running steps."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible(cancel: threading.Event, terminate: threading.Event, say: Callable[[str], None]) -> Iterator[None]:
    """While open, interrupts set these events; only the main thread can hear them, so elsewhere nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(_number: int, _frame: object) -> None:
        if cancel.is_set():
            say("interrupted again: not waiting for steps that are under way; they stay pending in the state")
            terminate.set()
        else:
            say("interrupted: no new steps are begun; waiting for those under way (again to stop waiting)")
            cancel.set()

    before = {number: signal.signal(number, handle) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
