"""`destroy`: delete everything; no program is needed."""

from __future__ import annotations

from engine.deploy.context import Context
from engine.deploy.deleter import Deleter
from engine.deploy.performer import Performer


async def destroy(context: Context) -> None:
    """Delete all resources of the stack."""
    await Deleter(context, Performer(context)).delete_rest()
