"""Run a program on disk in a process of its own, and stream what it prints."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from engine.deploy.api import FileProgram
from engine.deploy.context import Context
from engine.errors import ProgramError
from engine.provider_api import Severity
from engine.wire.language import RunRequest

_SCRIPT: Final = Path(__file__).with_name("execute.py")
_TOLD_ALREADY: Final = 32
"""The exit code of a program whose error was shown through the log."""
_SECONDS_TO_END: Final = 5.0
_LONGEST_LINE: Final = 4 * 1024 * 1024


async def run_file(program: FileProgram, request: RunRequest, context: Context) -> str:
    """Run the program to its end; the text is its error, empty when all went well."""
    # A group of its own, so that the terminal's Ctrl-C reaches the engine first.
    process = await asyncio.create_subprocess_exec(
        program.python or sys.executable,
        "-u",
        str(_SCRIPT),
        *_arguments(program, request),
        cwd=request.directory,
        env=_environment(request, context),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        limit=_LONGEST_LINE,
    )
    try:
        await asyncio.gather(_stream(process.stdout, context), _stream(process.stderr, context))
        code = await process.wait()
    finally:
        await _end(process)
    return _verdict(code)


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


async def _end(process: asyncio.subprocess.Process) -> None:
    for number in (signal.SIGINT, signal.SIGKILL):
        if process.returncode is not None:
            return
        os.killpg(process.pid, number)
        waiting = asyncio.ensure_future(process.wait())
        await asyncio.wait({waiting}, timeout=_SECONDS_TO_END)


def _verdict(code: int) -> str:
    if code == 0:
        return ""
    if code in (1, _TOLD_ALREADY):
        return "the program failed"
    reason = f"was ended by signal {-code}" if code < 0 else f"exited with code {code}"
    raise ProgramError(f"the program {reason}")
