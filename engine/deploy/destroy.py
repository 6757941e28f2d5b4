"""`destroy`: delete everything; no program is needed."""

from __future__ import annotations

from engine.deploy.context import Context
from engine.deploy.deleter import Deleter
from engine.deploy.missing import refuse_missing
from engine.deploy.performer import Performer


async def destroy(context: Context) -> None:
    """Delete all resources of the stack, or those that are asked for."""
    refuse_missing(context)
    await Deleter(context, Performer(context)).delete_rest()
