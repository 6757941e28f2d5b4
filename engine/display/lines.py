"""Shows a board line by line, where what was written can't be written over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from engine.display.board import Renderer
from engine.display.colour import paint
from engine.display.look import Look
from engine.display.row import Row

_TICK_SECONDS: Final = 1.0
_DOTS: Final = 20
"""After so many seconds of silence a line is written, for those who wait for lines."""


class Lines(Renderer):
    """Writes each row when it changes; a line of dots tells how long nothing did."""

    def __init__(self, out: Callable[[str], None], look: Look) -> None:
        self._out = out
        self._look = look
        self._lock = threading.Lock()
        self._dots = 0
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self) -> None:
        """Begin to count seconds."""
        if self._look.progress and self._look.timings:
            self._thread = threading.Thread(target=self._beat, name="display-heartbeat", daemon=True)
            self._thread.start()

    def changed(self, row: Row) -> None:
        """Write a row."""
        if not row.hidden:
            self.line(" " + " ".join(row.columns()))

    def said(self, text: str) -> None:
        """Write what the engine says."""
        self.line(text.rstrip("\n"))

    def line(self, text: str) -> None:
        """Write any text."""
        with self._lock:
            self._silence()
            self._out(paint(text, self._look.colour))

    def finished(self) -> None:
        """End the heartbeat."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _beat(self) -> None:
        while not self._stopped.wait(_TICK_SECONDS):
            with self._lock:
                self._dots += 1
                if self._dots >= _DOTS:
                    self._silence()

    def _silence(self) -> None:
        if self._dots:
            self._out(f"@ {self._look.title}...{'.' * self._dots}")
            self._dots = 0
