"""The terminal that a person sits at: its size, and writing to it without delay."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Mapping
from typing import Final, Protocol

_CI: Final = ("CI", "BUILD_ID", "BUILD_NUMBER", "TF_BUILD", "GITHUB_ACTIONS", "JENKINS_URL", "TEAMCITY_VERSION")


class Terminal(Protocol):
    """Something that can be written over."""

    def write(self, text: str) -> None: ...

    def size(self) -> tuple[int, int]: ...

    def keys(self) -> Generator[str, None, None]: ...


class OwnTerminal(Terminal):
    """The terminal of this process."""

    def write(self, text: str) -> None:
        """Write, at once."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def size(self) -> tuple[int, int]:
        """Columns and lines, as they are now."""
        try:
            found = os.get_terminal_size(sys.stdout.fileno())
        except OSError:
            return 80, 24
        return found.columns or 80, found.lines or 24

    def keys(self) -> Generator[str, None, None]:
        """Keys as they are pressed: characters, `up`, `down`, `enter`, `end`; Ctrl-C is an interrupt as ever."""
        import termios
        import tty

        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        try:
            tty.setcbreak(descriptor)
            while True:
                pressed = os.read(descriptor, 1)
                if pressed == b"\x1b":
                    pressed += os.read(descriptor, 2)
                yield _NAMES.get(pressed.decode(errors="replace"), pressed.decode(errors="replace"))
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


_NAMES: Final = {
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1b[B": "down",
    "\x1bOB": "down",
    "\r": "enter",
    "\n": "enter",
    "\x04": "end",
    "": "end",
    "\x7f": "back",
}


def find(environment: Mapping[str, str]) -> Terminal | None:
    """The terminal, if a person sits at it who can see and answer; None within pipes and CI systems."""
    if environment.get("TERM", "").lower() == "dumb" or any(environment.get(name) for name in _CI):
        return None
    return OwnTerminal() if sys.stdin.isatty() and sys.stdout.isatty() else None
