"""Perform one step: announce it, note it as pending, call the provider, remember the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.deploy.context import Context
from engine.deploy.control import Abandoned
from engine.deploy.decide.step import PENDING, Op, Step
from engine.deploy.do.done import Done
from engine.errors import EngineError, ProviderError
from engine.state.model import Resource


class Performer:
    """Runs steps that call providers."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def perform(
        self, step: Step, work: Callable[[], Done], record: Callable[[Resource | None], None]
    ) -> Resource | None:
        """Run the step; `record` puts its result into the snapshot. Raises what went wrong, after remembering it."""
        context = self._context
        context.control.gate()
        context.reporter.before(step)
        token = await self._begin(step)
        try:
            await context.hooks.before(step)
            done = await context.hooks.attempt(step, lambda: context.control.run(context.doers, work))
        except Abandoned:
            # Nobody knows how it will end: the pending operation stays in the state.
            raise
        except EngineError as error:
            if isinstance(error, ProviderError) and error.leaves_doubt:
                context.control.may_be_corrupt = True
            await self._end(token)
            context.reporter.failed(step)
            raise
        record(done.state)
        await self._end(token)
        if done.error is not None:
            context.reporter.failed(replace(step, new=done.state or step.new))
            raise done.error
        finished = step if done.state is None else replace(step, new=done.state)
        await context.hooks.after(finished)
        context.reporter.after(finished)
        return done.state

    async def prepare(self, step: Step) -> None:
        """Run the hooks that come before a step that needs no call; raises what stops it."""
        try:
            await self._context.hooks.before(step)
        except EngineError:
            self._context.reporter.before(step)
            self._context.reporter.failed(step)
            raise

    async def settle(self, step: Step, *, changed: bool) -> None:
        """A step that needs no call: announce it, and save only what is worth saving."""
        self._context.reporter.before(step)
        if changed:
            await self._context.journal.commit()
        if step.op in (Op.DELETE, Op.DELETE_REPLACED):
            await self._context.hooks.after(step)
        self._context.reporter.after(step)

    async def _begin(self, step: Step) -> int | None:
        operation = PENDING.get(step.op)
        if operation is None or self._context.preview:
            return None
        token = self._context.snapshot.begin(step.resource, operation)
        try:
            await self._context.journal.commit()
        except EngineError:
            # What could not be announced is not done.
            self._context.snapshot.end(token)
            raise
        return token

    async def _end(self, token: int | None) -> None:
        if token is not None:
            self._context.snapshot.end(token)
        await self._context.journal.commit()
