"""A support file: run a command under a pseudo-terminal and read its screen."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyte


class Seat:
    """A terminal of a given size with a program running on it."""

    def __init__(
        self, argv: Sequence[str], directory: Path, environment: Mapping[str, str], *, size: tuple[int, int] = (100, 40)
    ) -> None:
        columns, lines = size
        self._screen = pyte.HistoryScreen(columns, lines, history=500)
        self._stream = pyte.ByteStream(self._screen)
        self._master, slave = pty.openpty()
        self.resize(columns, lines)
        self._process = subprocess.Popen(
            argv, cwd=directory, env=environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        self.raw = b""

    def resize(self, columns: int, lines: int) -> None:
        """Make the terminal larger or smaller."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._screen.resize(lines, columns)

    def read(self, seconds: float) -> bool:
        """Take in what the program writes for so long; False when it has ended."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self._master], [], [], left)[0]:
                return True
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return False
            if not data:
                return False
            self.raw += data
            self._stream.feed(data)
        return True

    def until(self, text: str, *, seconds: float = 60) -> list[str]:
        """Read until the screen shows a text; its lines."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            alive = self.read(0.05)
            if any(text in line for line in self.lines()):
                return self.lines()
            if not alive:
                break
        raise AssertionError(f"'{text}' never showed:\n" + "\n".join(self.lines()))

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def lines(self) -> list[str]:
        """What the terminal shows, with what was scrolled away."""
        above = ["".join(row[x].data for x in range(self._screen.columns)) for row in self._screen.history.top]
        return [line.rstrip() for line in [*above, *self._screen.display]]

    def end(self, *, seconds: float = 60) -> int:
        """Read to the end; the exit code."""
        deadline = time.monotonic() + seconds
        while self.read(0.2) and time.monotonic() < deadline:
            pass
        try:
            return self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            raise
        finally:
            os.close(self._master)
