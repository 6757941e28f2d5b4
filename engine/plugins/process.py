"""One plugin's process: started in a group of its own, heard to its last line, and never left behind.

Plugins of every kind (providers, analyzers) are alike here: a program whose first line of output is the port that it
serves on. The terminal's Ctrl-C doesn't reach it, as its session is its own. Should the engine be killed, a guard
(a shell that waits for the end of a pipe which only the engine holds open) kills the whole group.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, TypeAlias

from engine.errors import EngineError

Heard: TypeAlias = Callable[[str, bool], None]
"""Takes one line of output, and whether it came on stderr."""

_SECONDS_TO_END: Final = 5.0
_SECONDS_FOR_LAST_WORDS: Final = 0.3
_LONGEST_LINE: Final = 64 * 1024
_LINES_KEPT: Final = 5
# Told to go on only once the guard knows the group; the shell then becomes the plugin, under the same process id.
_WAIT_FOR_GUARD: Final = 'read -r go && exec "$@"'
_GUARD: Final = 'read -r group || exit 0; read -r done || kill -KILL "-$group"'


class PluginFailed(EngineError):
    """A plugin that does not start, or ends before its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What to start: `label` is how errors call it, `patience` the seconds until its port must be known."""

    label: str
    command: Sequence[str]
    directory: Path
    environment: Mapping[str, str]
    patience: float = 10.0
    heard: Heard = field(default=lambda _line, _is_error: None)


class Process:
    """A plugin at work; `port` is where it serves on 127.0.0.1."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._last: deque[str] = deque(maxlen=_LINES_KEPT)
        self._first: list[str] = []
        self._told = threading.Event()
        self._gone = threading.Event()
        self._stopping = threading.Lock()
        self._reaped = False
        self._guard = _shell(_GUARD, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self._process = self._start()
        except BaseException:
            _dismiss(self._guard)
            raise
        self._readers = [
            threading.Thread(target=work, name=f"plugin-{self._process.pid}", daemon=True)
            for work in (self._read_output, self._read_errors, self._watch)
        ]
        for reader in self._readers:
            reader.start()
        try:
            self.port = self._await_port()
        except BaseException:
            self.stop(grace=0)
            raise

    @property
    def pid(self) -> int:
        """Its process id, which is its group's and session's as well."""
        return self._process.pid

    def ending(self, patience: float = 0.0) -> str:
        """How it ended, with its last words; empty while it runs (or as long as the patience lasts)."""
        if not self._gone.wait(patience):
            return ""
        for reader in self._readers:
            # What it said last may still be on its way.
            reader.join(_SECONDS_FOR_LAST_WORDS)
        words = f": {' / '.join(self._last)}" if self._last else ""
        return f"its process {self._verdict()}{words}"

    def on_end(self, act: Callable[[], None]) -> None:
        """Act, in a thread of its own, as soon as the process has ended (however it does)."""

        def wait() -> None:
            self._gone.wait()
            act()

        threading.Thread(target=wait, name=f"plugin-{self.pid}-end", daemon=True).start()

    def stop(self, grace: float = _SECONDS_TO_END) -> None:
        """End it: an interrupt, some seconds, then a kill of whatever is left of its group."""
        with self._stopping:
            if self._reaped:
                return
            if grace:
                self._signal(signal.SIGINT)
                self._gone.wait(grace)
            # Its group's number stays its own until it is reaped, so that no stranger can be hit.
            self._signal(signal.SIGKILL)
            self._process.wait()
            self._reaped = True
        _dismiss(self._guard)
        self._gone.wait()
        for reader in self._readers:
            reader.join(1.0)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(OSError):
                assert pipe is not None
                pipe.close()

    def _start(self) -> subprocess.Popen[bytes]:
        launch = self._launch
        if not os.access(launch.command[0], os.X_OK):
            raise PluginFailed(f"{launch.label} cannot be started: {launch.command[0]} is no program")
        try:
            process = _shell(
                _WAIT_FOR_GUARD,
                *launch.command,
                cwd=launch.directory,
                env=dict(launch.environment),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as exc:
            raise PluginFailed(f"{launch.label} cannot be started: {exc}") from exc
        _tell(self._guard, str(process.pid))
        _tell(process, "go")
        return process

    def _await_port(self) -> int:
        launch = self._launch
        deadline = time.monotonic() + launch.patience
        while not self._told.wait(0.05) and not self._gone.is_set() and time.monotonic() < deadline:
            pass
        if self._told.wait(0.2 if self._gone.is_set() else 0):
            return self._port_of(self._first[0])
        ending = self.ending()
        if ending:
            raise PluginFailed(f"{launch.label} did not start: {ending}")
        raise PluginFailed(f"{launch.label} did not print its port within {launch.patience:g} s")

    def _port_of(self, line: str) -> int:
        text = line.strip()
        if text.isascii() and text.isdecimal() and 0 < int(text) < 65536:
            return int(text)
        raise PluginFailed(
            f"{self._launch.label} wrote a non-numeric port to stdout ('{text[:100]}')",
            hint="the first line that a plugin prints has to be the port on which it serves",
        )

    def _read_output(self) -> None:
        for line in _lines(self._process.stdout):
            if not self._told.is_set():
                self._first.append(line)
                self._told.set()
            else:
                self._hear(line, is_error=False)

    def _read_errors(self) -> None:
        for line in _lines(self._process.stderr):
            self._hear(line, is_error=True)

    def _hear(self, line: str, *, is_error: bool) -> None:
        if line.strip():
            self._last.append(line.strip())
        self._launch.heard(line, is_error)

    def _watch(self) -> None:
        # Without reaping: the process id must stay taken for as long as somebody may signal it.
        with contextlib.suppress(ChildProcessError):
            os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        self._gone.set()

    def _verdict(self) -> str:
        if self._reaped:
            code = self._process.returncode
            return f"was ended by signal {-code}" if code < 0 else f"exited with code {code}"
        with contextlib.suppress(ChildProcessError):
            result = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
            if result is not None:
                word = "exited with code" if result.si_code == os.CLD_EXITED else "was ended by signal"
                return f"{word} {result.si_status}"
        return "ended"

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)


def _shell(
    script: str, *arguments: str, stdout: int, stderr: int, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["/bin/sh", "-c", script, "plugin", *arguments],
        cwd=cwd or Path("/"),
        env=env or {},
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
    )


def _tell(process: subprocess.Popen[bytes], line: str) -> None:
    assert process.stdin is not None
    # One that is gone already needs no telling; whoever waits for it finds out.
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(f"{line}\n".encode())
        process.stdin.flush()


def _dismiss(guard: subprocess.Popen[bytes]) -> None:
    """Tell a guard that there is nothing to guard any more."""
    _tell(guard, "0")
    _tell(guard, "done")
    assert guard.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        guard.stdin.close()
    guard.wait()


def _lines(pipe: IO[bytes] | None) -> Iterator[str]:
    assert pipe is not None
    # In pieces, as nobody knows how long a line can get; a pipe that is closed under way has no more of them.
    with contextlib.suppress(ValueError):
        while line := pipe.readline(_LONGEST_LINE):
            yield line.decode(errors="replace").rstrip("\r\n")
