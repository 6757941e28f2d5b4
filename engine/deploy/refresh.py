"""`refresh`: make the state say what is really there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.deploy.api import Operation
from engine.deploy.context import Context, now
from engine.deploy.decide.comparison import compared
from engine.deploy.decide.refreshed import Lost, inverted, without
from engine.deploy.decide.step import Op, Step
from engine.deploy.do.calls import Calls
from engine.deploy.missing import refuse_missing
from engine.errors import EngineError, InitFailed
from engine.provider_api import DiffChanges, PropertyDiff, ReadReply, Severity
from engine.state.model import Resource
from engine.urn import is_provider_type
from engine.wire.diff import equal
from engine.wire.monitor import MonitorClosed

FLAG = "refreshBeforeUpdate"
"""The key of the state by which a provider asks for a refresh of a resource before every update."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a resource is now (None: gone), how it differs for the user, and what is wrong with it."""

    state: Resource | None
    op: Op
    diffs: Sequence[str] = ()
    detailed: Mapping[str, PropertyDiff] | None = None


async def refresh(context: Context) -> None:
    """Read every resource that a provider manages, and keep what it says."""
    refuse_missing(context)
    await refresh_some(context, [one for one in context.olds.resources if context.scope.to_refresh(one)])


async def refresh_flagged(context: Context) -> None:
    """Read only resources whose provider wants them read before every update."""
    chosen = [one for one in context.olds.resources if one.extra.get(FLAG) and context.scope.to_refresh(one)]
    await refresh_some(context, chosen)


async def refresh_some(context: Context, chosen: Sequence[Resource]) -> None:
    """Read these resources, then repair what refers to those that are gone."""
    results = await asyncio.gather(*(refresh_one(context, one) for one in chosen))
    gone = {id(one) for one, found in zip(chosen, results, strict=True) if found is None}
    if gone:
        _strip(context, gone)
    await context.journal.commit()


async def refresh_one(context: Context, original: Resource) -> Resource | None:
    """The resource as it is, or as far as we know; None when it is gone."""
    step = Step(op=Op.REFRESH, old=original, new=original)
    if context.control.stopping:
        return original
    context.reporter.before(step)
    if not original.custom or is_provider_type(original.type) or original.pending_replacement:
        _tell(context, replace(step, op=Op.SAME))
        return original
    try:
        found = await context.control.run(context.doers, lambda: _find(context, original))
    except MonitorClosed:
        return original
    except EngineError as error:
        context.control.note_failure()
        context.reporter.failed(step)
        context.reporter.error(error, urn=original.urn)
        return original
    _record(context, original, found)
    return found.state


def _record(context: Context, original: Resource, found: Found) -> None:
    new = found.state
    if new is None:
        context.snapshot.drop(original)
        _tell(context, Step(op=Op.DELETE, old=original))
        return
    if new.init_errors:
        text = "\n* ".join(["Refreshed resource is in an unhealthy state:", *new.init_errors])
        context.reporter.log(Severity.WARNING, text, urn=original.urn)
    context.snapshot.mark(original, new)
    _tell(context, Step(op=found.op, old=original, new=new, diffs=tuple(found.diffs), detailed=found.detailed or {}))


def _tell(context: Context, step: Step) -> None:
    # Within an update it is only the refresh that is shown, and nothing of it is counted.
    shown = step if context.update.operation is Operation.REFRESH else replace(step, op=Op.REFRESH)
    context.reporter.after(shown)


def _find(context: Context, old: Resource) -> Found:
    calls = context.calls(old.type, old.provider)
    reply, reasons = _read(calls, old)
    if not reply.id:
        return Found(state=None, op=Op.DELETE)
    inputs = old.inputs if reply.inputs is None or old.external else reply.inputs
    new = replace(old, id=reply.id, inputs=inputs, outputs=reply.outputs, init_errors=reasons)
    new = replace(new, extra=flagged(old.extra, on=reply.refresh_before_update))
    outputs_moved = not equal(old.outputs, new.outputs)
    if outputs_moved or not equal(old.inputs, new.inputs):
        new = replace(new, modified=now())
    if old.external:
        return Found(state=new, op=Op.UPDATE if outputs_moved else Op.SAME)
    # What an update would do about it, told the other way round.
    difference = compared(new, old.inputs, calls, old.ignore_changes)
    op = Op.SAME if difference.changes is DiffChanges.NONE else Op.UPDATE
    return Found(state=new, op=op, diffs=difference.diffs, detailed=inverted(difference.detailed))


def flagged(extra: Mapping[str, object], *, on: bool) -> Mapping[str, object]:
    """The further keys of a state with what the provider says about refreshing it."""
    rest = {key: value for key, value in extra.items() if key != FLAG}
    return {**rest, FLAG: True} if on else rest


def _read(calls: Calls, resource: Resource) -> tuple[ReadReply, tuple[str, ...]]:
    try:
        return calls.read(resource), ()
    except InitFailed as failure:
        reply = ReadReply(id=failure.id, outputs=failure.properties, inputs=failure.inputs)
        return reply, failure.reasons


def _strip(context: Context, gone: set[int]) -> None:
    lost = Lost()
    for original in context.olds.resources:
        current = context.snapshot.current(original)
        if id(original) in gone:
            lost.add(original)
        elif current is not None:
            context.snapshot.mark(original, without(current, lost))
            lost.forgive(original.urn)
