"""How two texts differ: within a line by characters, over several lines by lines with some context."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from engine.display.difference import between
from engine.display.structured_text import decoded

if TYPE_CHECKING:
    from engine.display.printer import Printer

_CONTEXT: Final = 2
_LONG: Final = 2_000
"""Lines longer than that are compared as a whole: character by character would take seconds."""


def write(printer: Printer, old: str, new: str) -> None:
    """Show a text that changed, and end the line."""
    if _write_structured(printer, old, new):
        return
    if "\n" in old or "\n" in new:
        printer.write("\n")
        _lines(printer.inside(), old.split("\n"), new.split("\n"))
    else:
        _characters(printer, old, new)


def _write_structured(printer: Printer, old: str, new: str) -> bool:
    before, after = decoded(old), decoded(new)
    if before is None or after is None:
        return False
    change = between(before.value, after.value)
    if change is None:
        _plain(printer, json.dumps(old), json.dumps(new))
        return True
    kind = before.kind if before.kind == after.kind else f"{before.kind} => {after.kind}"
    printer.write(f"({kind}) ")
    printer.change(change, lambda _: None)
    return True


def _plain(printer: Printer, old: str, new: str) -> None:
    printer.as_("delete").write(old)
    printer.write(" => ")
    printer.as_("create").write(new + "\n")


def _characters(printer: Printer, old: str, new: str) -> None:
    if max(len(old), len(new)) > _LONG:
        _plain(printer, json.dumps(old, ensure_ascii=False), json.dumps(new, ensure_ascii=False))
        return
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    printer.write('"')
    for kind, first, last, _, _ in blocks:
        printer.as_("same" if kind == "equal" else "delete").write(_escaped(old[first:last]))
    printer.write('"')
    printer.write(" => ")
    printer.write('"')
    for kind, _, _, first, last in blocks:
        printer.as_("same" if kind == "equal" else "create").write(_escaped(new[first:last]))
    printer.write('"\n')


def _lines(printer: Printer, old: Sequence[str], new: Sequence[str]) -> None:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (kind, i, j, k, m) in enumerate(blocks):
        if kind == "equal":
            kept = [line for line in old[i:j] if line.strip()]
            _context(printer, kept, first=number == 0, last=number == len(blocks) - 1)
            continue
        for line in old[i:j]:
            _line(printer, "delete", line)
        for line in new[k:m]:
            _line(printer, "create", line)


def _context(printer: Printer, lines: Sequence[str], *, first: bool, last: bool) -> None:
    head = [] if first else lines[:_CONTEXT]
    tail = [] if last else lines[-_CONTEXT:]
    if len(lines) <= len(head) + len(tail) + 1:
        head, tail, dots = lines, [], False
    else:
        dots = True
    for line in head:
        _line(printer, "same", line)
    if dots:
        _line(printer, "same", "...")
    for line in tail:
        _line(printer, "same", line)


def _line(printer: Printer, op: str, line: str) -> None:
    if line.strip():
        printer.as_(op, prefix=op != "same").begin(line + "\n")


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
