"""Leave resources alone that an update must not touch: old ones stay as they are, new ones are not made yet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from engine.deploy.context import Context
from engine.deploy.decide.goal import Goal
from engine.deploy.decide.references import references
from engine.deploy.decide.step import Op, Step
from engine.deploy.performer import Performer
from engine.errors import EngineError
from engine.state.model import Resource
from engine.urn import name_of, split_provider_reference


class Keeper:
    """What is outside of the update's scope."""

    def __init__(self, context: Context, performer: Performer) -> None:
        self._context = context
        self._performer = performer
        self._under_way: dict[str, asyncio.Future[None]] = {}
        self._kept: set[str] = set()
        self.skipped: set[str] = set()
        """URNs of resources that would have been created."""

    @contextmanager
    def under_way(self, urn: str) -> Iterator[None]:
        """While it lasts, those who keep something that depends on that resource wait for it."""
        done = self._under_way[urn] = asyncio.get_running_loop().create_future()
        try:
            yield
        finally:
            del self._under_way[urn]
            done.set_result(None)

    async def keep(self, goal: Goal, original: Resource) -> Resource:
        """The old state as it is, behind everything that it needs."""
        await self._refuse_new_provider(original)
        kept = await self._keep(original, goal.urn)
        await self._performer.settle(Step(op=Op.SAME, old=kept, new=kept), changed=False)
        return kept

    async def skip(self, goal: Goal) -> Resource:
        """A resource that the program wants, but that is not to be made now."""
        self.skipped.add(goal.urn)
        planned = goal.state(id="", inputs=goal.inputs, outputs={})
        await self._performer.settle(Step(op=Op.SAME, old=planned, new=planned), changed=False)
        return planned

    def needs_skipped(self, goal: Goal) -> bool:
        """Whether a resource needs one that was skipped."""
        return any(urn in self.skipped for urn in references(goal))

    def refuse_skipped(self, goal: Goal) -> None:
        """A resource can't be made on something that was skipped: an error, which a preview only reports."""
        for urn in dict.fromkeys(references(goal)):
            if urn not in self.skipped:
                continue
            how = "is excluded" if self._context.scope.excludes else "was was not specified in --target list"
            error = EngineError(f"Resource '{goal.urn}' depends on '{urn}' which {how}.")
            if not self._context.preview:
                raise error
            self._context.control.note_failure()
            self._context.reporter.error(error, urn=goal.urn)

    def refuse_kept(self, urn: str) -> None:
        """A resource that stays for the sake of another one can't be changed any more."""
        if urn in self._kept:
            raise EngineError(
                f"'{name_of(urn)}' has to stay as it is for the sake of others that are not targeted but depend on it",
                hint="target these as well",
            )

    async def _keep(self, original: Resource, urn: str) -> Resource:
        snapshot = self._context.snapshot
        current = snapshot.current(original)
        for one in dict.fromkeys(references(current) if current is not None else ()):
            await self._keep_needed(one)
        if snapshot.current(original) is not None:
            return snapshot.keep(original, urn)
        # Somebody who depends on it has kept it before.
        finished = snapshot.finished(urn)
        assert finished is not None
        return finished

    async def _keep_needed(self, urn: str) -> None:
        olds = self._context.olds
        claimed = await self._settled(urn)
        old = olds.live(urn)
        if old is None or self._context.snapshot.finished(claimed) is not None:
            return
        if self._context.snapshot.current(old) is not None:
            self._kept.add(claimed)
            await self._keep(old, claimed)

    async def _settled(self, urn: str) -> str:
        """Its URN by now, once the update is done with it (if it has begun at all)."""
        claimed = self._context.olds.claimed_by(urn) or urn
        if claimed in self._under_way:
            await asyncio.shield(self._under_way[claimed])
        return claimed

    async def _refuse_new_provider(self, old: Resource) -> None:
        if not old.provider:
            return
        urn, id = split_provider_reference(old.provider)
        finished = self._context.snapshot.finished(await self._settled(urn))
        if finished is None or finished.id != id:
            raise EngineError(
                f"provider {old.provider} for resource {old.urn} has not been registered yet, this is due to a change "
                "of providers mixed with --target. Change your program back to the original providers"
            )
