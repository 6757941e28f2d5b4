"""`refresh` of a whole stack, with its program where one asks for it: then its providers have the newest settings."""

from __future__ import annotations

from dataclasses import replace

from engine.deploy.context import Context
from engine.deploy.decide.old_states import OldStates
from engine.deploy.refresh import refresh
from engine.deploy.up import with_program


async def refresh_stack(context: Context) -> None:
    """Read every resource; a program that runs for it makes providers and components, but nothing else."""
    if context.update.program is None:
        await refresh(context)
        return
    await with_program(context, lambda _: refresh(replace(context, olds=OldStates(context.snapshot.restart()))))
