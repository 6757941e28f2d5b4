"""Bring one registered resource to its goal: decide, do, remember."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from engine.deploy.api import Operation
from engine.deploy.claim import claim
from engine.deploy.context import Context, now
from engine.deploy.decide.dependents import Dependents
from engine.deploy.decide.goal import Goal
from engine.deploy.decide.judge import Circumstances, judge, judge_component
from engine.deploy.decide.provider_change import ProviderChange
from engine.deploy.decide.step import Op, Step
from engine.deploy.decide.verdict import Verdict
from engine.deploy.deleter import Deleter
from engine.deploy.do.calls import Calls
from engine.deploy.do.done import Done
from engine.deploy.importer import Importer, asks_for_import
from engine.deploy.keeper import Keeper
from engine.deploy.performer import Performer
from engine.deploy.refresh import flagged
from engine.errors import EngineError, InitFailed
from engine.provider_api import Severity
from engine.state.model import Resource
from engine.urn import is_provider_type, name_of, provider_reference

_GUESSED: Final = (
    "The provider for this resource has inputs that are not known during preview.\n"
    "This preview may not correctly represent the changes that will be applied during an update."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One resource on its way: the goal, its old state as loaded (`original`) and as it is now (`old`)."""

    goal: Goal
    original: Resource | None
    old: Resource | None


class Placer:
    """Handles registrations one by one, many at a time."""

    def __init__(self, context: Context, performer: Performer, deleter: Deleter) -> None:
        self._context = context
        self._performer = performer
        self._deleter = deleter
        self._importer = Importer(context, performer)
        self.keeper = Keeper(context, performer)
        """Knows what this update leaves alone."""
        self._deleting: dict[str, asyncio.Future[None]] = {}

    async def place(self, goal: Goal) -> Resource:
        """The state of the resource once it is as the goal wants it."""
        self._context.olds.register(goal.urn)
        with self.keeper.under_way(goal.urn):
            task = await self._claim(goal)
            if self._context.only_listens and goal.custom and not is_provider_type(goal.type):
                return await self._leave(task)
            if self._context.scope.admits(goal.urn, goal) or _was_deleted_meanwhile(task):
                self.keeper.refuse_skipped(goal)
                self.keeper.refuse_kept(goal.urn)
                state = await self._bring(task)
            elif task.original is not None:
                return await self.keeper.keep(goal, task.original)
            else:
                return await self.keeper.skip(goal)
        if is_provider_type(goal.type):
            self._context.fleet.define(provider_reference(state.urn, state.id), state.type, state.inputs)
        return state

    async def _leave(self, task: Task) -> Resource:
        """In a destroy or refresh with its program: nothing is changed before, and nothing new is made."""
        goal, old = task.goal, task.old
        if old is None or old.pending_replacement or not old.custom or self.keeper.needs_skipped(goal):
            return await self.keeper.skip(goal)
        if self._context.update.operation is Operation.DESTROY:
            return await self._same(task, Verdict(op=Op.SAME, inputs=old.inputs))
        new = goal.state(id=old.id, inputs=old.inputs, outputs=old.outputs, old=old)
        new = replace(new, init_errors=old.init_errors, taint=old.taint, import_id=old.import_id)
        self._context.snapshot.put(new, instead_of=task.original)
        return new

    async def _bring(self, task: Task) -> Resource:
        goal, old = task.goal, task.old
        if not asks_for_import(goal, old):
            return await self._carry_out(task, await self._decide(task))
        replacing = old is not None and not old.pending_replacement
        record = self._put_beside(task) if replacing else self._put(task)
        imported = await self._importer.take(goal, old, record, replacing=replacing)
        task = Task(goal=goal, original=None, old=imported)
        verdict = await self._decide(task)
        return imported if verdict.op is Op.SAME else await self._carry_out(task, verdict)

    async def _claim(self, goal: Goal) -> Task:
        original = claim(self._context, goal.urn, goal.parent, goal.aliases)
        while original is not None and original.urn in self._deleting:
            await asyncio.shield(self._deleting[original.urn])
        current = None if original is None else self._context.snapshot.current(original)
        return Task(goal=goal, original=original, old=current)

    async def _decide(self, task: Task) -> Verdict:
        goal, old = task.goal, task.old
        around = self._circumstances(task)
        if not goal.custom and not goal.delete_before_replace and not self._context.inspector.packs:
            return judge_component(goal, old, around)
        if not goal.custom:
            return await self._context.control.run(self._context.deciders, lambda: judge_component(goal, old, around))
        calls = self._context.calls(goal.type, goal.provider)
        verdict = await self._context.control.run(self._context.deciders, lambda: judge(goal, old, calls, around))
        if calls.instance.unknown and verdict.op is Op.UPDATE:
            self._context.reporter.log(Severity.WARNING, _GUESSED, urn=goal.urn)
        return verdict

    def _circumstances(self, task: Task) -> Circumstances:
        context, goal = self._context, task.goal
        return Circumstances(
            replaced=context.olds.replaced,
            must_replace=goal.urn in context.scope.replace,
            recreated=_was_deleted_meanwhile(task),
            preview=context.preview,
            provider_forces=ProviderChange(context.fleet, context.olds).forces,
            dependents=Dependents(
                olds=context.olds.resources,
                is_handled=context.olds.is_handled,
                calls=lambda resource: context.calls(resource.type, resource.provider),
            ),
            inspect=context.inspector.inspect,
        )

    async def _carry_out(self, task: Task, verdict: Verdict) -> Resource:
        if verdict.op is Op.SAME:
            return await self._same(task, verdict)
        if verdict.op is Op.REPLACE:
            return await self._replace(task, verdict)
        if not task.goal.custom:
            return await self._component(task, verdict)
        if verdict.op is Op.UPDATE:
            return await self._update(task, verdict)
        return await self._create(task, verdict, Op.CREATE, self._put(task))

    async def _same(self, task: Task, verdict: Verdict) -> Resource:
        old = task.old
        assert old is not None
        new = task.goal.state(id=old.id, inputs=verdict.inputs, outputs=old.outputs, old=old)
        self._context.snapshot.put(new, instead_of=task.original)
        await self._performer.settle(Step(op=Op.SAME, old=old, new=new), changed=new != old)
        return new

    async def _component(self, task: Task, verdict: Verdict) -> Resource:
        outputs = task.old.outputs if task.old else {}
        new = task.goal.state(id="", inputs=verdict.inputs, outputs=outputs, old=task.old)
        new = _stamped(new) if verdict.op is Op.CREATE else new
        step = Step(op=verdict.op, old=task.old, new=new, diffs=verdict.diffs, detailed=verdict.detailed)
        await self._performer.prepare(step)
        self._context.snapshot.put(new, instead_of=task.original)
        await self._performer.settle(step, changed=True)
        return new

    async def _update(self, task: Task, verdict: Verdict) -> Resource:
        old, goal = task.old, task.goal
        assert old is not None
        planned = replace(
            goal.state(id=old.id, inputs=verdict.inputs, outputs=old.outputs, old=old), extra={}, modified=now()
        )
        calls = self._context.calls(goal.type, goal.provider)
        step = Step(op=Op.UPDATE, old=old, new=planned, diffs=verdict.diffs, detailed=verdict.detailed)
        return await self._performed(step, lambda: _updated(calls, old, planned), self._put(task))

    async def _create(
        self, task: Task, verdict: Verdict, op: Op, record: Callable[[Resource | None], None]
    ) -> Resource:
        goal = task.goal
        planned = goal.state(id="", inputs=verdict.inputs, outputs={})
        step = Step(op=op, old=task.old, new=planned, keys=verdict.keys, diffs=verdict.diffs, detailed=verdict.detailed)
        if not goal.custom:
            await self._performer.prepare(step)
            component = _stamped(planned)
            record(component)
            await self._performer.settle(replace(step, new=component), changed=True)
            return component
        calls = self._context.calls(goal.type, goal.provider)
        return await self._performed(step, lambda: _created(calls, planned), record)

    async def _replace(self, task: Task, verdict: Verdict) -> Resource:
        old, original = task.old, task.original
        assert old is not None
        self._guard(task)
        self._importer.refuse_replacement(task.goal, verdict.keys)
        self._context.olds.replaced.add(task.goal.urn)
        # Nothing stands in the state for what a preview has just imported.
        gone = old.pending_replacement or original is None
        if verdict.delete_first and original is not None:
            await self._delete_first(() if gone else (original,), verdict)
            gone = True
        record = self._put(task) if gone else self._put_beside(task)
        logical = Step(op=Op.REPLACE, old=old, keys=verdict.keys, diffs=verdict.diffs, detailed=verdict.detailed)
        if verdict.delete_first:
            await self._performer.settle(replace(logical, new=_planned(task, verdict)), changed=False)
        new = await self._create(task, verdict, Op.CREATE_REPLACEMENT, record)
        if not verdict.delete_first:
            await self._performer.settle(replace(logical, new=new), changed=False)
        return new

    def _guard(self, task: Task) -> None:
        old = task.old
        if old is None or not (old.protect and task.goal.protect) or old.pending_replacement:
            return
        error = EngineError(
            f"unable to replace resource '{name_of(old.urn)}': it is protected",
            hint=f"unprotect it with `pulumi state unprotect '{old.urn}'`, or by protect=False in the program",
        )
        if not self._context.preview:
            raise error
        self._context.control.note_failure()
        self._context.reporter.log(Severity.ERROR, error.message, urn=old.urn)

    async def _delete_first(self, originals: tuple[Resource, ...], verdict: Verdict) -> None:
        # Programs may have registered some of them while the decision was made.
        dependents = [one for one in verdict.dependents if not self._context.olds.is_handled(one.urn)]
        done = asyncio.get_running_loop().create_future()
        self._deleting.update(dict.fromkeys((one.urn for one in dependents), done))
        self._deleter.condemn([*dependents, *originals])
        try:
            for one in (*reversed(dependents), *originals):
                await self._deleter.delete_before_replacement(one)
        finally:
            done.set_result(None)
            for one in dependents:
                self._deleting.pop(one.urn, None)

    async def _performed(
        self, step: Step, work: Callable[[], Done], record: Callable[[Resource | None], None]
    ) -> Resource:
        state = await self._performer.perform(step, work, record)
        assert state is not None
        return state

    def _put(self, task: Task) -> Callable[[Resource | None], None]:
        def record(new: Resource | None) -> None:
            assert new is not None
            self._context.snapshot.put(new, instead_of=task.original)

        return record

    def _put_beside(self, task: Task) -> Callable[[Resource | None], None]:
        original, old = task.original, task.old
        assert original is not None and old is not None

        def record(new: Resource | None) -> None:
            assert new is not None
            self._context.snapshot.put(new)
            self._context.snapshot.mark(original, replace(old, delete=True))
            self._deleter.later(original)

        return record


def _was_deleted_meanwhile(task: Task) -> bool:
    """Whether this update itself deleted it, ahead of the replacement of something that it depends on."""
    if task.original is None or task.old is None:
        return False
    return task.old.pending_replacement and task.old is not task.original


def _planned(task: Task, verdict: Verdict) -> Resource:
    return task.goal.state(id="", inputs=verdict.inputs, outputs={})


def _created(calls: Calls, planned: Resource) -> Done:
    try:
        reply = calls.create(planned)
    except InitFailed as failure:
        half = replace(planned, id=failure.id, outputs=failure.properties, init_errors=failure.reasons)
        return Done(state=_stamped(half), error=failure)
    extra = flagged(planned.extra, on=reply.refresh_before_update)
    return Done(state=_stamped(replace(planned, id=reply.id, outputs=reply.outputs, extra=extra)))


def _updated(calls: Calls, old: Resource, planned: Resource) -> Done:
    try:
        reply = calls.update(old, planned)
    except InitFailed as failure:
        # The old inputs stay, so that the next update sees a difference again.
        half = replace(planned, inputs=old.inputs, outputs=failure.properties, init_errors=failure.reasons)
        return Done(state=half, error=failure)
    extra = flagged(planned.extra, on=reply.refresh_before_update)
    return Done(state=replace(planned, outputs=reply.outputs, extra=extra))


def _stamped(resource: Resource) -> Resource:
    time = now()
    return replace(resource, created=time, modified=time)
