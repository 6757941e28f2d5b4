"""Run a program on disk in a process of its own, and stream what it prints."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process, SubprocessStreamProtocol
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from engine.deploy.api import FileProgram
from engine.deploy.context import Context
from engine.provider_api import Severity
from engine.wire.language import Ending, RunRequest

_SCRIPT: Final = Path(__file__).with_name("execute.py")
_TOLD_ALREADY: Final = 32
"""The exit code of a program whose error was shown through the log."""
_SECONDS_TO_END: Final = 5.0
_SECONDS_TO_DRAIN: Final = 1.0
_POLL_SECONDS: Final = 0.2
_LONGEST_LINE: Final = 4 * 1024 * 1024


async def run_file(program: FileProgram, request: RunRequest, context: Context) -> Ending:
    """Run the program to its end."""
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.subprocess_exec(
        lambda: SubprocessStreamProtocol(limit=_LONGEST_LINE, loop=loop),
        program.python or sys.executable,
        "-u",
        str(_SCRIPT),
        *_arguments(program, request),
        cwd=request.directory,
        env=_environment(request, context),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        # A group of its own, so that the terminal's Ctrl-C reaches the engine first.
        start_new_session=True,
    )
    process = Process(transport, protocol, loop)
    streams = [asyncio.ensure_future(_stream(one, context)) for one in (process.stdout, process.stderr)]
    try:
        code = await _exited(process)
        # Processes that the program has left behind may hold its pipes open for ever.
        await asyncio.wait(streams, timeout=_SECONDS_TO_DRAIN)
    finally:
        for stream in streams:
            stream.cancel()
        await _end(process)
        transport.close()
    return _ending(code)


async def _exited(process: Process) -> int:
    # Some versions of Python only wake up waiters when the pipes are closed as well.
    waiting = asyncio.ensure_future(process.wait())
    while process.returncode is None:
        await asyncio.wait({waiting}, timeout=_POLL_SECONDS)
    waiting.cancel()
    return process.returncode


def _arguments(program: FileProgram, request: RunRequest) -> list[str]:
    about = request.about
    flags = {
        "monitor": request.address,
        "project": about.project,
        "stack": about.stack,
        "organization": about.organization,
        "root": str(program.root),
        "parallel": str(about.parallel),
        "dry-run": "true" if about.preview else "false",
    }
    return [*(f"--{name}={value}" for name, value in flags.items()), str(program.root / program.main)]


def _environment(request: RunRequest, context: Context) -> dict[str, str]:
    # Config holds secrets: the environment is private to the process, arguments are not.
    return {
        **os.environ,
        **context.update.environment,
        "PULUMI_CONFIG": json.dumps(dict(request.about.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.about.secret_keys)),
    }


async def _stream(source: asyncio.StreamReader | None, context: Context) -> None:
    assert source is not None
    async for line in _lines(source):
        context.reporter.log(Severity.INFO, line)


async def _lines(source: asyncio.StreamReader) -> AsyncIterator[str]:
    while True:
        try:
            line = await source.readuntil(b"\n")
        except asyncio.IncompleteReadError as end:
            if end.partial:
                yield end.partial.decode(errors="replace")
            return
        except asyncio.LimitOverrunError as over:
            line = await source.readexactly(over.consumed)
        yield line.decode(errors="replace").rstrip("\r\n")


async def _end(process: Process) -> None:
    for number in (signal.SIGINT, signal.SIGKILL):
        if process.returncode is not None:
            return
        os.killpg(process.pid, number)
        waiting = asyncio.ensure_future(process.wait())
        await asyncio.wait({waiting}, timeout=_SECONDS_TO_END)


def _ending(code: int) -> Ending:
    if code == _TOLD_ALREADY:
        return Ending(failed=True)
    # Pulumi's words: Automation API knows them.
    error = f"program exited with non-zero exit code: {code if code > 0 else -1}"
    signalled = f" (signal {-code})" if code < 0 else ""
    return Ending(failed=code != 0, error=error + signalled if code else "")
