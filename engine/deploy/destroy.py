"""`destroy`: delete everything; a program is only needed for what hooks on deletions."""

from __future__ import annotations

from dataclasses import replace

from engine.deploy.context import Context
from engine.deploy.decide.old_states import OldStates
from engine.deploy.deleter import Deleter
from engine.deploy.missing import refuse_missing
from engine.deploy.performer import Performer
from engine.deploy.up import with_program
from engine.errors import EngineError
from engine.wire.hook_binding import Moment


async def destroy(context: Context) -> None:
    """Delete all resources of the stack, or those that are asked for."""
    if context.update.program is not None:
        await with_program(context, lambda _: _delete_all(context))
        return
    _refuse_hooks(context)
    refuse_missing(context)
    await Deleter(context, Performer(context)).delete_rest()


async def _delete_all(context: Context) -> None:
    """Delete what the program has registered as well as what it has not."""
    everything = replace(context, olds=OldStates(context.snapshot.restart()))
    await Deleter(everything, Performer(everything)).delete_rest()


def _refuse_hooks(context: Context) -> None:
    hooked = False
    for one in context.olds.resources:
        names = (*one.hooks.get(Moment.BEFORE_DELETE, ()), *one.hooks.get(Moment.AFTER_DELETE, ()))
        if names:
            hooked = True
            message = "Resource has delete hooks registered, but the program is not running. Hooks: "
            context.reporter.error(EngineError(message + ", ".join(names)), urn=one.urn)
    if hooked:
        raise EngineError("You must run with the `--run-program` flag to use delete hooks during destroy.")
