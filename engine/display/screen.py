"""Shows a board on a terminal: a tree that is drawn over until the update has ended, and then stays."""

from __future__ import annotations

import threading
import time
from typing import Final

from engine.display import colour
from engine.display.board import Board, Renderer
from engine.display.colour import clamp, paint
from engine.display.look import Look
from engine.display.row import Row
from engine.display.terminal import Terminal
from engine.display.tree import table

_FRAME_SECONDS: Final = 0.05
_HIDE_CURSOR: Final = "\x1b[?25l"
_SHOW_CURSOR: Final = "\x1b[?25h"
_CLEAR_REST: Final = "\x1b[K"


class Screen(Renderer):
    """Draws the whole tree anew when something changed, at most twenty times a second."""

    def __init__(self, terminal: Terminal, look: Look) -> None:
        self._terminal = terminal
        self._look = look
        self._board: Board | None = None
        self._changed = threading.Event()
        self._stopped = threading.Event()
        self._height = 0
        self._thread = threading.Thread(target=self._draw_again, name="display-screen", daemon=True)

    def watch(self, board: Board) -> None:
        """Begin to draw a board."""
        self._board = board
        self._terminal.write(_HIDE_CURSOR)
        self._thread.start()

    def changed(self, _row: Row) -> None:
        """Draw soon."""
        self._changed.set()

    def said(self, _text: str) -> None:
        """Draw soon; the board has what was said."""
        self._changed.set()

    def line(self, text: str) -> None:
        """Write below the tree."""
        self._terminal.write(paint(text, self._look.colour) + "\n")

    def finished(self) -> None:
        """Draw for the last time, all of it, and leave it there."""
        self._stopped.set()
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join()
        self._frame(last=True)
        self._terminal.write(_SHOW_CURSOR)

    def _draw_again(self) -> None:
        second = time.monotonic()
        while not self._stopped.wait(_FRAME_SECONDS):
            if time.monotonic() - second >= 1:
                second = time.monotonic()
                if self._board is not None:
                    self._board.ticks += 1
                self._changed.set()
            if self._changed.is_set():
                self._changed.clear()
                self._frame(last=False)

    def _frame(self, *, last: bool) -> None:
        board = self._board
        lines = table(board) if board is not None else []
        if board is None or not lines:
            return
        width, height = self._terminal.size()
        said = _said(board)
        lines = [*lines, *said, ""] if last else _fitted(lines, [*said, *self._sames(board)], height)
        shown = [clamp(line, width - 1) for line in lines]
        text = "\r" + (f"\x1b[{self._height}A" if self._height else "")
        text += "".join(f"{line}{_CLEAR_REST}\n" for line in (paint(one, self._look.colour) for one in shown))
        surplus = self._height - len(shown)
        if surplus > 0:
            text += f"{_CLEAR_REST}\n" * surplus + f"\x1b[{surplus}A"
        self._height = len(shown)
        self._terminal.write(text)

    def _sames(self, board: Board) -> list[str]:
        if not board.sames or self._look.sames:
            return []
        dim = f"{colour.BRIGHT_BLACK}    {len(board.sames)} unchanged{colour.RESET}"
        return ["", colour.headline("Resources:"), dim]


def _said(board: Board) -> list[str]:
    lines = [line for text in board.messages for line in text.rstrip("\n").split("\n")]
    if not lines:
        return []
    return ["", f"{colour.YELLOW}System Messages{colour.RESET}", *(f"  {line}" for line in lines)]


def _fitted(lines: list[str], below: list[str], height: int) -> list[str]:
    """The end of the table, as far as the terminal is high enough; its heading always stays."""
    room = height - 1
    if len(lines) + len(below) <= room:
        return [*lines, *below]
    below = below if len(below) <= height // 3 else []
    body = max(room - len(below) - 2, 1)
    if len(lines) - 1 <= body:
        return [*lines, *below]
    return [lines[0], *lines[-body:], f"{colour.BRIGHT_BLUE}⬆ more{colour.RESET}", *below]
