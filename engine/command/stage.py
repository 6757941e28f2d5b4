"""Chooses how an update is shown: a live tree, lines, a rich difference, or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from engine.command.digest import Digest
from engine.command.event_log import Listener
from engine.command.flags import Line
from engine.command.session import Session
from engine.deploy.api import Event, Operation, StackId
from engine.display.board import Board
from engine.display.colour import headline, paint
from engine.display.diff_view import DiffView
from engine.display.ending import ending
from engine.display.lines import Lines
from engine.display.look import Look
from engine.display.screen import Screen
from engine.urn import STACK_TYPE, build

_TITLES: Final = {
    (Operation.UP, True): "Previewing update",
    (Operation.UP, False): "Updating",
    (Operation.PREVIEW, True): "Previewing update",
    (Operation.REFRESH, True): "Previewing refresh",
    (Operation.REFRESH, False): "Refreshing",
    (Operation.DESTROY, True): "Previewing destroy",
    (Operation.DESTROY, False): "Destroying",
    (Operation.IMPORT, True): "Previewing import",
    (Operation.IMPORT, False): "Importing",
}


def look(session: Session, line: Line, operation: Operation, *, preview: bool) -> Look:
    """What the flags make of the display."""
    return Look(
        title=_TITLES[operation, preview],
        colour=session.colour,
        preview=preview,
        refresh=operation is Operation.REFRESH,
        terminal=session.terminal is not None and not line.on("diff"),
        diff=line.on("diff"),
        json=line.on("json"),
        debug=line.on("debug"),
        config=line.on("show-config"),
        sames=line.on("show-sames"),
        reads=line.on("show-reads"),
        replacement_steps=line.on("show-replacement-steps"),
        full_output=line.on("show-full-output"),
        secrets=line.on("show-secrets"),
        urns=line.on("urns"),
        outputs=not line.on("suppress-outputs"),
        progress=not line.on("suppress-progress"),
    )


def open_display(session: Session, look: Look, stack: StackId) -> Listener:
    """The listener that shows an update; its heading is written at once."""
    if look.json:
        return Digest(session.out, look) if look.preview else JsonLines(session.out)
    session.out(paint(headline(f"{look.title} ({stack.name}):"), look.colour))
    if look.diff:
        return DiffView(session.out, look)
    root = build(stack.name, stack.project, STACK_TYPE, name=f"{stack.project}-{stack.name}")
    if look.terminal and session.terminal is not None:
        screen = Screen(session.terminal, look)
        board = Board(look, root, screen)
        screen.watch(board)
        return Whole(board)
    lines = Lines(session.out, look)
    board = Board(look, root, lines)
    lines.watch()
    return Whole(board)


class Whole:
    """A board, and what is written below it when all is over."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def take(self, event: Event) -> None:
        """Show one event."""
        self._board.take(event)

    def close(self) -> None:
        """Finish the tree and write the rest."""
        self._board.close()
        for text in ending(self._board):
            self._board.renderer.line(text)


class JsonLines:
    """A listener that writes each event as a line of JSON."""

    def __init__(self, out: Callable[[str], None]) -> None:
        self._out = out

    def take(self, event: Event) -> None:
        """Write one event."""
        self._out(json.dumps(event, ensure_ascii=False))

    def close(self) -> None:
        """Nothing to let go of."""
