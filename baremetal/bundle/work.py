"""One piece of work: its folder, its commands, and the words it says while it runs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from baremetal.bundle.store import Made, Store
from baremetal.errors import PartFailed, Stopped

_TAIL = 40


class Processes:
    """The commands that are running, so that an interrupt can end them all."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def start(self, command: Sequence[str], **options: object) -> subprocess.Popen[str]:
        """Start a command in a process group of its own that dies with us."""
        with self._lock:
            if self._stopped:
                raise Stopped
            process: subprocess.Popen[str] = subprocess.Popen(
                [*_bound_to_us(), *command],
                text=True,
                errors="replace",
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **options,  # type: ignore[call-overload]  # cwd, env and stdin, passed on as they are
            )
            self._running.add(process)
        return process

    def ended(self, process: subprocess.Popen[str]) -> None:
        """Forget a command that has ended by itself."""
        with self._lock:
            self._running.discard(process)

    def stop(self) -> None:
        """End everything that runs, and let nothing new start."""
        with self._lock:
            self._stopped = True
            running = list(self._running)
        for process in running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in running:
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _bound_to_us() -> tuple[str, ...]:
    """A prefix that ends the command when our process is killed outright."""
    return ("setpriv", "--pdeathsig", "TERM", "--") if shutil.which("setpriv") else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a maker is given: where to put its files, what it builds upon, and whom to tell."""

    name: str
    folder: Path
    store: Store
    ingredients: Mapping[str, Made]
    say: Callable[[str], None]
    processes: Processes = field(default_factory=Processes)

    def run(
        self,
        command: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> str:
        """Run a command to its end and return what it printed; a failure carries its last lines."""
        process = self.processes.start(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL)
        lines: list[str] = []
        assert process.stdout is not None
        with process.stdout as stream:
            for line in stream:
                lines.append(line)
                if on_line is not None:
                    on_line(line.rstrip("\n"))
        code = process.wait()
        self.processes.ended(process)
        if code != 0:
            raise PartFailed(self.name, f"{Path(command[0]).name} ended with {code}", "".join(lines[-_TAIL:]))
        return "".join(lines)
