"""What is written below a finished tree: policies, diagnostics, outputs, the summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.display import colour
from engine.display.board import Board
from engine.display.outputs import outputs_text
from engine.display.row import Row, message
from engine.display.summary import summary_text

_RANKS: Final = {"remediate": 0, "mandatory": 1, "advisory": 2, "disabled": 3}


def ending(board: Board) -> Iterator[str]:
    """Text after text, each without its last line end."""
    yield from _policies(board)
    yield from _diagnostics(board)
    if board.look.outputs and board.stack is not None:
        text = outputs_text(board.stack, board.look, indent=1)
        if text:
            yield colour.headline("Outputs:")
            yield text
    if board.summary is not None and not _is_refused(board):
        errored = sum("error" in row.notes.counts for row in board.rows.values())
        yield summary_text(board.summary, errored=errored)


def _diagnostics(board: Board) -> Iterator[str]:
    first = True
    for row in board.rows.values():
        lines = list(_notes(row, board))
        if not lines:
            continue
        if first:
            yield colour.headline("Diagnostics:")
            first = False
        name = row.urn if board.look.urns else f"{row.type} ({row.name})"
        yield f"  {colour.BRIGHT_BLUE}{name}:{colour.RESET}"
        yield from lines
        yield ""


def _notes(row: Row, board: Board) -> Iterator[str]:
    for body in row.notes.all:
        if not body.get("ephemeral"):
            text = message(body, debug=board.look.debug)
            yield from (f"    {line}".rstrip() for line in text.split("\n"))


def _policies(board: Board) -> Iterator[str]:
    packs: Mapping[str, str] = (board.summary or {}).get("PolicyPacks") or {}
    if not packs:
        return
    yield colour.headline("Policies:")
    for pack, version in sorted(packs.items()):
        own = sorted((one for one in board.policies if one["policyPackName"] == pack), key=_rank)
        levels = {one["enforcementLevel"] for one in own}
        sign = "❌" if "mandatory" in levels else "⚠️" if own else "✅"
        yield f"    {sign} {colour.MAGENTA}{pack}@v{version.removeprefix('v')}{colour.RESET}"
        for one in own:
            yield from _violation(one)
    yield ""


def _violation(one: Mapping[str, Any]) -> Iterator[str]:
    paint = colour.RED if one["enforcementLevel"] == "mandatory" else colour.YELLOW
    parts = str(one.get("resourceUrn") or "").split("::", 3)
    where = f"  ({parts[2].rpartition('$')[2]}: {parts[3]})" if len(parts) == 4 else ""
    yield f"        - {paint}[{one['enforcementLevel']}]  {one['policyName']}{colour.RESET}{where}"
    for line in str(one["message"]).rstrip("\n").split("\n"):
        yield f"          {line}"


def _rank(one: Mapping[str, Any]) -> tuple[int, str, str]:
    return _RANKS.get(one["enforcementLevel"], 9), one["policyName"], str(one.get("resourceUrn") or "")


def _is_refused(board: Board) -> bool:
    return any(one["enforcementLevel"] == "mandatory" for one in board.policies)
