"""Asks a person before something is changed: a choice with the arrow keys, as Pulumi asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing

from engine.command.flags import Line
from engine.command.session import Session
from engine.display import colour
from engine.display.colour import Colour, paint
from engine.display.terminal import Terminal
from engine.errors import ConfirmationMissing, Declined


def check(session: Session, line: Line) -> None:
    """ConfirmationMissing where nobody agreed and nobody can be asked."""
    if not agreed(session, line) and session.terminal is None:
        raise ConfirmationMissing(
            "--yes or --skip-preview or --preview-only must be passed in to proceed "
            "when running in non-interactive mode"
        )


def agreed(session: Session, line: Line) -> bool:
    """Whether the command line (or the environment) agrees already."""
    skip = session.environment.get("PULUMI_SKIP_CONFIRMATIONS", "").lower() in ("1", "true")
    return skip or line.on("yes") or line.on("skip-preview") or line.on("preview-only")


def confirm(session: Session, what: str, details: Callable[[], None] | None, *, note: str = "") -> None:
    """Go on only after a yes; `details` shows more and asks again."""
    if session.terminal is None:
        raise ConfirmationMissing("nobody can be asked here; pass --yes")
    choices = ["yes", "no", *(["details"] if details is not None else [])]
    while True:
        answer = choose(session.terminal, f"Do you want to perform this {what}?{note}", choices, session.colour)
        if answer == "yes":
            return
        if answer == "details" and details is not None:
            details()
            continue
        session.out(f"confirmation declined, not proceeding with the {what}")
        raise Declined(f"the {what} was not agreed to")


def choose(terminal: Terminal, question: str, choices: Sequence[str], paints: Colour) -> str:
    """The choice that is marked when Enter is pressed; the first is `no` where there is one."""
    at = choices.index("no") if "no" in choices else 0
    terminal.write(paint(f"{question}  [Use arrows to move, type to filter]\n", paints))
    _draw(terminal, choices, at, paints)
    chosen = "no"
    with closing(terminal.keys()) as keys:
        for key in keys:
            if key in ("enter", "end"):
                chosen = choices[at] if key == "enter" else "no"
                break
            if key in ("up", "down"):
                at = (at + (1 if key == "down" else -1)) % len(choices)
            else:
                at = next((number for number, choice in enumerate(choices) if choice.startswith(key)), at)
            terminal.write(f"\x1b[{len(choices)}A")
            _draw(terminal, choices, at, paints)
    terminal.write(f"\x1b[{len(choices) + question.count(chr(10)) + 1}A\x1b[J")
    terminal.write(paint(f"{question} {chosen}\n", paints))
    return chosen


def _draw(terminal: Terminal, choices: Sequence[str], at: int, paints: Colour) -> None:
    for number, choice in enumerate(choices):
        line = f"{colour.BRIGHT_GREEN}>{colour.RESET} {choice}" if number == at else f"  {choice}"
        terminal.write(paint(f"\r{line}\x1b[K\n", paints))
