"""The board as an indented table: resources under their parents, columns aligned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.display import colour
from engine.display.board import Board
from engine.display.row import Row

_DOTS: Final = 3
"""Room behind a status for what moves."""

_STATUS: Final = -2
"""The column of the status, counted from the end."""


def table(board: Board) -> list[str]:
    """The lines of the table, its heading first; none before anything happened."""
    with board.lock:
        if not board.started:
            return []
        cells = list(_Walk(board, board.children()).rows())
    rows = [columns for columns, _ in cells]
    status = "Plan" if board.look.preview else "Status"
    names = ["URN"] if board.look.urns else ["Type", "Name"]
    told = ["Info"] if any(columns[-1] for columns in rows) else []
    heading = [
        "",
        *(f"{colour.COLUMN}{name}{colour.RESET}" for name in (*names, status, *told)),
        *([] if told else [""]),
    ]
    widths = _widths([heading, *rows])
    for columns, dots in cells:
        columns[_STATUS] += dots
    return [_line(columns, widths) for columns in (heading, *rows)]


@dataclass(frozen=True, slots=True)
class _Walk:
    board: Board
    children: Mapping[str, Sequence[Row]]

    def rows(self) -> Iterator[tuple[list[str], str]]:
        """The columns of each line, and what moves behind its status."""
        root = self.board.rows[self.board.root]
        yield root.columns(), root.dots(self.board.ticks)
        yield from self._below(root, "")

    def _below(self, row: Row, indent: str) -> Iterator[tuple[list[str], str]]:
        shown = [child for child in self.children.get(row.urn, ()) if self._is_shown(child)]
        for child in shown:
            self.board.arrange(child)
        shown.sort(key=lambda child: child.order)
        for child in shown:
            last = child is shown[-1]
            columns = child.columns()
            columns[1] = f"{indent}{'└─ ' if last else '├─ '}{columns[1]}"
            yield columns, child.dots(self.board.ticks)
            yield from self._below(child, indent + ("   " if last else "│  "))

    def _is_shown(self, row: Row) -> bool:
        return not row.hidden or any(self._is_shown(child) for child in self.children.get(row.urn, ()))


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    widths = [max(colour.width(cell) for cell in column) for column in zip(*rows, strict=True)]
    widths[_STATUS] += _DOTS
    return widths


def _line(columns: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (width - colour.width(cell)) for cell, width in zip(columns[:-1], widths, strict=False)]
    return " " + "  ".join([*padded, columns[-1]])
