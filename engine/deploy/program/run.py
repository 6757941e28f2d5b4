"""Run the program of an update, wherever it lives."""

from __future__ import annotations

from engine.deploy.api import FileProgram, InlineProgram
from engine.deploy.context import Context
from engine.deploy.program.file import run_file
from engine.errors import UsageError
from engine.wire.language import Ending, RunRequest, run_inline
from engine.wire.monitor import About


def about(context: Context) -> About:
    """What the program may know of its deployment."""
    update = context.update
    return About(
        project=update.stack.project,
        stack=update.stack.name,
        organization=update.stack.organization,
        config={key: item.value for key, item in update.config.items()},
        secret_keys=tuple(key for key, item in update.config.items() if item.secret),
        preview=context.preview,
        parallel=max(1, update.options.parallel),
    )


async def run_program(context: Context, address: str) -> Ending:
    """Run it to its end."""
    program = context.update.program
    request = RunRequest(address=address, directory=str(context.update.directory), about=about(context))
    if isinstance(program, InlineProgram):
        return await run_inline(program.address, request)
    if isinstance(program, FileProgram):
        return await run_file(program, request, context)
    raise UsageError(f"{context.update.operation} needs a program")
