"""`refresh`: make the state say what is really there."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from engine.deploy.context import Context, now
from engine.deploy.decide.refreshed import without
from engine.deploy.decide.step import Op, Step
from engine.deploy.do.calls import Calls
from engine.deploy.missing import refuse_missing
from engine.errors import EngineError, InitFailed
from engine.provider_api import ReadReply, Severity
from engine.state.model import Resource
from engine.urn import is_provider_type
from engine.wire.diff import equal
from engine.wire.monitor import MonitorClosed


async def refresh(context: Context) -> None:
    """Read every resource that a provider manages, and keep what it says."""
    refuse_missing(context)
    chosen = [one for one in context.olds.resources if context.scope.to_refresh(one)]
    results = await asyncio.gather(*(_refresh_one(context, one) for one in chosen))
    gone = {one.urn for one, is_there in zip(chosen, results, strict=True) if not is_there}
    if gone:
        _strip(context, gone)
    await context.journal.commit()


async def _refresh_one(context: Context, original: Resource) -> bool:
    """Whether the resource is (still, or as far as we know) there."""
    if not original.custom or is_provider_type(original.type) or original.pending_replacement or original.delete:
        return True
    if context.control.stopping:
        return True
    planning = Step(op=Op.REFRESH, old=original, new=original)
    context.reporter.before(planning)
    try:
        calls = context.calls(original.type, original.provider)
        reply, reasons = await context.control.run(context.doers, lambda: _read(calls, original))
    except MonitorClosed:
        return True
    except EngineError as error:
        context.control.note_failure()
        context.reporter.failed(planning)
        context.reporter.error(error, urn=original.urn)
        return True
    for reason in reasons:
        context.reporter.log(Severity.WARNING, reason, urn=original.urn)
    return _record(context, original, reply, reasons)


def _record(context: Context, original: Resource, reply: ReadReply, reasons: tuple[str, ...]) -> bool:
    if not reply.id:
        context.snapshot.drop(original)
        context.reporter.after(Step(op=Op.DELETE, old=original))
        return False
    inputs = original.inputs if reply.inputs is None or original.external else reply.inputs
    new = replace(original, id=reply.id, inputs=inputs, outputs=reply.outputs, init_errors=reasons)
    # Secrecy counts as a change of the state, though not as one of the resource.
    changed = not (equal(original.outputs, new.outputs) and equal(original.inputs, new.inputs))
    if changed:
        new = replace(new, modified=now())
    context.snapshot.mark(original, new)
    context.reporter.after(Step(op=Op.UPDATE if changed else Op.SAME, old=original, new=new))
    return True


def _read(calls: Calls, resource: Resource) -> tuple[ReadReply, tuple[str, ...]]:
    try:
        return calls.read(resource), ()
    except InitFailed as failure:
        reply = ReadReply(id=failure.id, outputs=failure.properties, inputs=failure.inputs)
        return reply, failure.reasons


def _strip(context: Context, gone: set[str]) -> None:
    for original in context.olds.resources:
        current = context.snapshot.current(original)
        if current is not None:
            context.snapshot.mark(original, without(current, gone, context.olds))
