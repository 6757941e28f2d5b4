"""`up` and `preview`: run the program, then delete what it does not have any more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeAlias

from engine.deploy.context import Context
from engine.deploy.decide.step import Op, Step
from engine.deploy.deleter import Deleter
from engine.deploy.missing import report_missing
from engine.deploy.performer import Performer
from engine.deploy.placer import Placer
from engine.deploy.program.log import ProgramLog
from engine.deploy.program.run import about, run_program
from engine.deploy.reader import Reader
from engine.deploy.registrar import Registrar
from engine.errors import EngineError, ProgramError
from engine.state.model import Resource
from engine.wire.language import Ending
from engine.wire.server import ProgramServer

_GRACE_SECONDS = 2.0
"""How long a program may go on after its update has stopped."""


Finish: TypeAlias = Callable[[Deleter], Awaitable[None]]
"""What is to be deleted once the program has registered all that it has."""


async def up(context: Context) -> None:
    """Make the world as the program wants it (or, in a preview, foretell what that would take)."""
    await with_program(context, lambda deleter: deleter.delete_rest())


async def with_program(context: Context, finish: Finish) -> None:
    """Run the program and serve it, then finish while it can still answer callbacks."""
    if context.inspector.requests:
        await context.control.run(context.deciders, context.inspector.open)
    performer = Performer(context)
    deleter = Deleter(context, performer)
    registrar = Registrar(
        context, about(context), Placer(context, performer, deleter), Reader(context, performer, deleter)
    )
    log = ProgramLog(context)
    server = ProgramServer(registrar, log)
    await server.start()
    registrar.remote.address = server.address
    try:
        running = asyncio.ensure_future(run_program(context, server.address))
        await _accompany(context, registrar, running, finish=lambda: finish(deleter))
    finally:
        registrar.end()
        await server.stop()


async def _accompany(
    context: Context, registrar: Registrar, program: asyncio.Future[Ending], *, finish: Callable[[], Awaitable[None]]
) -> None:
    endings: set[asyncio.Future[Any]] = {program, registrar.signalled, context.control.stopped}
    await asyncio.wait(endings, return_when=asyncio.FIRST_COMPLETED)
    judged = program.done()
    if judged:
        _judge_program(context, program)
    await registrar.settle()
    if not context.control.stopping:
        report_missing(context, {*context.olds.registered, *(one.urn for one in context.olds.resources)})
        await finish()
    _keep_outputs(context, registrar)
    if context.inspector.packs and not context.control.stopping and not context.control.failed:
        resources = context.snapshot.deployment().resources
        await context.control.run(context.deciders, lambda: context.inspector.conclude(resources))
    # Hung up in time: gRPC writes to the terminal when the other side does it first.
    await context.dialer.close()
    registrar.end()
    context.control.over = True
    hurry = context.control.failed or context.control.cancelled
    await asyncio.wait({program}, timeout=_GRACE_SECONDS if hurry else None)
    if not program.done():
        program.cancel()
        await asyncio.wait({program})
    elif not judged:
        _judge_program(context, program)


def _judge_program(context: Context, program: asyncio.Future[Ending]) -> None:
    error = program.exception()
    if error is not None and not isinstance(error, EngineError):
        raise error
    ending = Ending(failed=True) if error is not None else program.result()
    # Once the update has stopped, the program can only fail, and everybody knows why.
    if not context.control.stopping:
        if isinstance(error, EngineError):
            context.reporter.error(error)
        elif ending.error:
            context.reporter.error(ProgramError(f"an unhandled error occurred: {ending.error}"))
    if ending.failed:
        # Even with --continue-on-error: what it has not come to register is not to be deleted.
        context.control.abort()


def _keep_outputs(context: Context, registrar: Registrar) -> None:
    """The stack's outputs are the last thing to be written: on failure, new ones go over the old."""
    stack = context.snapshot.finished(registrar.stack_urn)
    if stack is None:
        return
    outputs = registrar.stack_outputs
    if outputs is not None:
        complete = not context.control.failed and not context.control.cancelled
        stack = replace(stack, outputs=outputs if complete else {**stack.outputs, **outputs})
        context.snapshot.amend(stack)
    _show(context, stack)


def _show(context: Context, stack: Resource) -> None:
    old = context.olds.live(stack.urn)
    context.reporter.outputs(Step(op=Op.SAME if old else Op.CREATE, old=old, new=stack))
