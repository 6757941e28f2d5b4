"""Runs one command on a host, line by line, and stops it when told to."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from providers.command.connection import Endpoint, connected
from providers.command.process import OnLine, Result, Stream
from providers.errors import CommandStopped

_GRACE = 5.0
_POLL = 0.1
_LINGER = 1.0
_LOST = 255

# Servers accept few variables of a client's choice, and a command line can be seen by others on the host: so the
# environment goes first through standard input, and the rest of that is the command's own.
_READ_ENVIRONMENT = 'IFS= read -r mf_bytes && eval "$(head -c "$mf_bytes")" && unset mf_bytes || exit 1\n'

# Servers refuse signals as a rule. But all commands of one connection are children of the same server process, each
# leading a process group, and the connection is this command's alone.
_SIBLINGS = 'for p in $(ps -o pid= --ppid $PPID); do [ "$p" = $$ ] || echo "$p"; done'


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteJob:
    """What to run where; a timeout of 0 means none."""

    endpoint: Endpoint
    command: str
    environment: Mapping[str, str]
    stdin: str = ""
    timeout: float = 0


def run(job: RemoteJob, *, on_line: OnLine, stopped: Callable[[], bool]) -> Result:
    """Run the job to its end; CommandStopped when `stopped` turns true or the time is over."""
    return asyncio.run(_run(job, on_line, stopped))


async def _run(job: RemoteJob, on_line: OnLine, stopped: Callable[[], bool]) -> Result:
    command, stdin = with_environment(job)
    async with connected(job.endpoint, stopped) as connection:
        process = await connection.create_process(command, encoding=None)
        said: dict[Stream, list[str]] = {"stdout": [], "stderr": []}
        work = asyncio.gather(
            _write(process, stdin),
            _read(process.stdout, "stdout", said["stdout"], on_line),
            _read(process.stderr, "stderr", said["stderr"], on_line),
            process.wait_closed(),
        )
        await _wait(work, (process, connection), job.timeout, stopped)
        code = process.returncode
        return Result(
            _LOST if code is None else abs(code), "".join(said["stdout"]), "".join(said["stderr"]), job.endpoint.label
        )


def with_environment(job: RemoteJob) -> tuple[str, bytes]:
    """The command line and standard input by which the environment reaches the command unseen."""
    if not job.environment:
        return job.command, job.stdin.encode()
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in job.environment.items()).encode()
    return _READ_ENVIRONMENT + job.command, b"%d\n" % len(exports) + exports + job.stdin.encode()


async def _write(process: Any, content: bytes) -> None:
    try:
        process.stdin.write(content)
        await process.stdin.drain()
        process.stdin.write_eof()
    except OSError:
        return  # the command ended without reading all of its input, which is its right


async def _read(pipe: Any, stream: Stream, said: list[str], on_line: OnLine) -> None:
    while raw := await pipe.readline():
        line = raw.decode(errors="replace")
        said.append(line)
        on_line(stream, line.rstrip("\r\n"))


async def _wait(
    work: asyncio.Future[Any], running: tuple[Any, Any], timeout: float, stopped: Callable[[], bool]
) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout if timeout else None
    while not work.done():
        await asyncio.wait([work], timeout=_POLL)
        late = deadline is not None and loop.time() > deadline
        if not work.done() and (late or stopped()):
            await _stop(work, *running)
            why = f"after {timeout:.0f} seconds, its time limit" if late else "because the update was cancelled"
            raise CommandStopped(f"command was stopped {why}")
    await work


async def _stop(work: asyncio.Future[Any], process: Any, connection: Any) -> None:
    """Ask the command with all its children to end, then make them; at last the connection is closed anyway."""
    groups = (await connection.run(_SIBLINGS, check=False)).stdout.split()
    await _kill(connection, "INT", groups)
    loop = asyncio.get_running_loop()
    end = loop.time() + _GRACE
    while not work.done() and process.exit_status is None and process.exit_signal is None and loop.time() < end:
        await asyncio.sleep(_POLL)
    await _kill(connection, "KILL", groups)  # also what is left in the group of a command that has ended
    await asyncio.wait([work], timeout=_LINGER)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def _kill(connection: Any, signal: str, groups: list[str]) -> None:
    if groups:
        await connection.run(f"kill -{signal} -- " + " ".join(f"-{group}" for group in groups), check=False)
