"""Runs one local process in a process group of its own, line by line, and stops it when told to."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Literal, TypeAlias

from engine.values import Value
from providers.errors import BadInput, CommandStopped

Stream: TypeAlias = Literal["stdout", "stderr"]
OnLine: TypeAlias = Callable[[Stream, str], None]

_GRACE = 5.0
_POLL = 0.05
_LINGER = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to run; a timeout of 0 means none."""

    argv: Sequence[str]
    directory: str
    environment: Mapping[str, str]
    stdin: str | None = None
    timeout: float = 0


@dataclass(frozen=True, slots=True)
class Result:
    """How it ended, all it said, and the files that it was to hand over."""

    code: int
    stdout: str
    stderr: str
    where: str = ""
    """The host it ran on; empty for this machine."""
    files: Mapping[str, Value] = field(default_factory=dict)


def run(job: Job, *, on_line: OnLine, stopped: Callable[[], bool]) -> Result:
    """Run the job to its end; CommandStopped when `stopped` turns true or the time is over."""
    process = _start(job)
    said: dict[Stream, list[str]] = {"stdout": [], "stderr": []}
    assert process.stdout and process.stderr
    readers = [
        _spawn(_read, process.stdout, "stdout", said["stdout"], on_line),
        _spawn(_read, process.stderr, "stderr", said["stderr"], on_line),
    ]
    if process.stdin:
        _spawn(_write, process.stdin, (job.stdin or "").encode())
    try:
        _wait(process, job.timeout, stopped)
    finally:
        for reader in readers:
            # A child left behind in the background may hold the pipe open for ever: what it says later is not ours.
            reader.join(_LINGER)
    return Result(process.returncode, "".join(said["stdout"]), "".join(said["stderr"]))


def _start(job: Job) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            list(job.argv),
            cwd=job.directory,
            env=dict(job.environment),
            stdin=subprocess.PIPE if job.stdin is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as exc:
        name = exc.filename or job.argv[0]
        raise BadInput(f"cannot start {job.argv[0]} in {job.directory}: {name}: {exc.strerror}") from exc


def _spawn(target: Callable[..., None], *args: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=args, daemon=True)
    thread.start()
    return thread


def _read(pipe: IO[bytes], stream: Stream, said: list[str], on_line: OnLine) -> None:
    with pipe:
        for raw in pipe:
            line = raw.decode(errors="replace")
            said.append(line)
            on_line(stream, line.rstrip("\r\n"))


def _write(pipe: IO[bytes], content: bytes) -> None:
    try:
        with pipe:
            pipe.write(content)
    except BrokenPipeError:
        return  # the command ended without reading all of its input, which is its right


def _wait(process: subprocess.Popen[bytes], timeout: float, stopped: Callable[[], bool]) -> None:
    deadline = time.monotonic() + timeout if timeout else None
    while True:
        try:
            process.wait(_POLL)
            return
        except subprocess.TimeoutExpired:
            late = deadline is not None and time.monotonic() > deadline
            if late or stopped():
                _stop(process)
                why = f"after {timeout:.0f} seconds, its time limit" if late else "because the update was cancelled"
                raise CommandStopped(f"command was stopped {why}") from None


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the whole group to end, then make it."""
    _signal_group(process, signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    _signal_group(process, signal.SIGKILL)
    process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # all of the group has ended already
