"""Delete resources that are wanted no more, as many at a time as their order allows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.deploy.context import Context
from engine.deploy.decide.deletions import needed_by, users
from engine.deploy.decide.step import Op, Step
from engine.deploy.do.done import Done
from engine.deploy.performer import Performer
from engine.errors import EngineError
from engine.state.model import Resource
from engine.urn import is_provider_type, name_of
from engine.wire.monitor import MonitorClosed


class Deleter:
    """Deletes at the end of an update, and before replacements."""

    def __init__(self, context: Context, performer: Performer) -> None:
        self._context = context
        self._performer = performer
        self._later: list[Resource] = []
        self._doomed: set[str] = set()

    def later(self, original: Resource) -> None:
        """Delete this replaced resource at the end."""
        self._later.append(original)

    def condemn(self, originals: Sequence[Resource]) -> None:
        """These are about to be deleted: what is deleted with them needs no deletion of its own."""
        self._doomed |= {one.urn for one in originals}

    async def delete_before_replacement(self, original: Resource) -> None:
        """Delete now; the state keeps a note that a replacement is due."""
        old = self._context.snapshot.current(original)
        if old is None:
            return
        waiting = replace(old, pending_replacement=True)
        # An earlier update that failed may have deleted it already; like Pulumi, this one does it again.
        old = replace(old, pending_replacement=False)
        await self._delete(old, Op.DELETE_REPLACED, lambda _: self._context.snapshot.mark(original, waiting))

    async def delete_rest(self) -> None:
        """Delete everything that the program did not register, and what was replaced."""
        originals = [*self._context.olds.unclaimed(), *self._later]
        order = {id(one): index for index, one in enumerate(self._context.olds.resources)}
        originals.sort(key=lambda one: order[id(one)])
        present = [one for one in originals if self._context.snapshot.current(one) is not None]
        present = await self._in_scope(present)
        kept = self._kept(present)
        await self._delete_all([one for one in present if id(one) not in kept])

    async def _in_scope(self, originals: Sequence[Resource]) -> list[Resource]:
        scope, olds = self._context.scope, self._context.olds.resources
        chosen = scope.to_delete(originals, olds)
        unasked = scope.unasked(chosen)
        for one in unasked:
            self._context.control.note_failure()
            self._context.reporter.error(_unasked(one), urn=one.urn)
        if unasked and not self._context.preview:
            return []
        going = {id(one) for one in chosen}
        for one in originals:
            if id(one) not in going and not one.delete:
                await self._performer.settle(Step(op=Op.SAME, old=one, new=one), changed=False)
        return chosen

    def _kept(self, originals: Sequence[Resource]) -> set[int]:
        doomed = {id(one) for one in originals}
        staying = [one for key, one in self._context.snapshot.remaining_by_key() if key not in doomed]
        # Replaced ones go in any case: that they are protected was judged before they were replaced.
        unwanted = [one for one in originals if not self._is_replaced(one)]
        protected = [one for one in unwanted if one.protect and not one.pending_replacement]
        for one in protected:
            self._refuse(one)
        needed = needed_by([*staying, *protected], originals)
        return {id(one) for one in protected} | {id(one) for one in unwanted if one.urn in needed}

    def _is_replaced(self, original: Resource) -> bool:
        current = self._context.snapshot.current(original)
        return current is not None and current.delete

    def _refuse(self, resource: Resource) -> None:
        error = EngineError(
            f"resource '{name_of(resource.urn)}' cannot be deleted: it is protected",
            hint=f"unprotect it with `pulumi state unprotect '{resource.urn}'`",
        )
        self._context.control.note_failure()
        self._context.reporter.error(error, urn=resource.urn)

    async def _delete_all(self, originals: Sequence[Resource]) -> None:
        self.condemn(originals)
        before = users(originals)
        tasks: list[asyncio.Task[bool]] = []
        # Users stand behind what they need: going backwards, their tasks exist when they are waited for.
        by_index: dict[int, asyncio.Task[bool]] = {}
        for index in range(len(originals) - 1, -1, -1):
            waits = [by_index[user] for user in before[index]]
            by_index[index] = task = asyncio.ensure_future(self._delete_after(originals[index], waits))
            tasks.append(task)
        await asyncio.gather(*tasks)

    async def _delete_after(self, original: Resource, waits: Sequence[asyncio.Task[bool]]) -> bool:
        for result in [await one for one in waits]:
            if not result:
                return False
        old = self._context.snapshot.current(original)
        if old is None:
            return True
        try:
            await self._delete(old, _op(old), lambda _: self._context.snapshot.drop(original))
        except MonitorClosed:
            return False
        except EngineError as error:
            self._context.control.fail()
            self._context.reporter.error(error, urn=old.urn)
            return False
        return True

    async def _delete(self, old: Resource, op: Op, record: Callable[[Resource | None], None]) -> None:
        self._context.control.gate()
        step = Step(op=op, old=old)
        if self._context.preview or self._needs_no_call(old):
            await self._performer.prepare(step)
            record(None)
            await self._performer.settle(step, changed=True)
            return
        calls = self._context.calls(old.type, old.provider)

        def work() -> Done:
            calls.delete(old)
            return Done(state=None)

        await self._performer.perform(step, work, record)

    def _needs_no_call(self, old: Resource) -> bool:
        if not old.custom or old.external or old.retain_on_delete or is_provider_type(old.type):
            return True
        return old.pending_replacement or (bool(old.deleted_with) and old.deleted_with in self._doomed)


def _unasked(resource: Resource) -> EngineError:
    return EngineError(
        f"Resource '{resource.urn}' will be destroyed but was not specified in --target list.\n"
        "Either include resource in --target list or pass --target-dependents to proceed."
    )


def _op(old: Resource) -> Op:
    if old.pending_replacement:
        return Op.REMOVE_PENDING_REPLACE
    if old.external:
        return Op.DISCARD_REPLACED if old.delete else Op.DISCARD
    return Op.DELETE_REPLACED if old.delete else Op.DELETE
