"""Run one update from its request to its outcome."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from engine.deploy import events
from engine.deploy.api import Operation, Outcome, Ports, Update
from engine.deploy.context import Context, context
from engine.deploy.control import Watch
from engine.deploy.destroy import destroy
from engine.deploy.import_run import import_resources
from engine.deploy.loop import start_in_loop
from engine.deploy.pending import refuse_views, warn_of_pending
from engine.deploy.refresh import FLAG, refresh, refresh_flagged
from engine.deploy.stack_refresh import refresh_stack
from engine.deploy.up import up
from engine.errors import EngineError
from engine.provider_api import Severity
from engine.state.model import Deployment
from engine.wire.monitor import MonitorClosed

_Work: TypeAlias = Callable[[Context], Awaitable[None]]

_OPERATIONS: dict[Operation, _Work] = {
    Operation.UP: up,
    Operation.PREVIEW: up,
    Operation.REFRESH: refresh_stack,
    Operation.DESTROY: destroy,
    Operation.IMPORT: import_resources,
}


def execute(update: Update, ports: Ports) -> Outcome:
    """Run the update; returns when all is done and saved."""
    running = start_in_loop(_execute(update, ports))
    while True:
        try:
            return running.result()
        except KeyboardInterrupt:
            # A step that has begun has to be remembered: the first interrupt asks, the second one insists.
            if ports.cancel.is_set():
                ports.terminate.set()
            ports.cancel.set()


async def _execute(update: Update, ports: Ports) -> Outcome:
    began = time.monotonic()
    ports.emit(events.prelude(update.config))
    base = update.base
    before = _refresh_before(update)
    if before is not None:
        refreshed = await _run(update, ports, base, before)
        if not _succeeded(refreshed):
            return _outcome(refreshed, began)
        base = refreshed.snapshot.deployment()
    elif update.operation in (Operation.UP, Operation.DESTROY) and not update.options.dry_run:
        warn_of_pending(base, ports.emit)
    return _outcome(await _run(update, ports, base, _OPERATIONS[update.operation]), began)


def _refresh_before(update: Update) -> _Work | None:
    if update.operation in (Operation.REFRESH, Operation.IMPORT):
        return None
    if update.options.refresh:
        return refresh
    return refresh_flagged if any(one.extra.get(FLAG) for one in update.base.resources) else None


async def _run(update: Update, ports: Ports, base: Deployment, work: _Work) -> Context:
    running = context(update, ports, base)
    watch = asyncio.ensure_future(_watch(running, ports))
    try:
        refuse_views(base)
        await work(running)
    except MonitorClosed:
        running.control.fail()
    except EngineError as error:
        running.control.fail()
        running.reporter.error(error)
    finally:
        running.control.over = True
        watch.cancel()
    await running.close()
    return running


async def _watch(running: Context, ports: Ports) -> None:
    def cancel() -> None:
        running.control.cancel()
        running.reporter.say(events.cancelled())
        # In a thread of its own: all of the others may be busy with just what is to be cancelled.
        running.interrupter.submit(running.inspector.cancel)
        running.interrupter.submit(running.fleet.cancel)

    await Watch(ports.cancel, ports.terminate).run(cancel, running.control.abandon)


def _succeeded(running: Context) -> bool:
    return not running.control.failed and not running.control.cancelled


def _outcome(running: Context, began: float) -> Outcome:
    seconds = time.monotonic() - began
    succeeded = _succeeded(running)
    changes = running.reporter.changes
    word = "canceled" if running.control.cancelled else "failed"
    error = "" if succeeded else f"{'preview' if running.preview else 'update'} {word}"
    if error:
        running.reporter.log(Severity.ERROR, error)
    doubtful = running.control.may_be_corrupt
    running.reporter.say(
        events.summary(
            changes,
            seconds=seconds,
            preview=running.preview,
            succeeded=succeeded,
            corrupt=doubtful,
            packs={pack.info.name: pack.info.version for pack in running.inspector.packs},
        )
    )
    return Outcome(
        succeeded=succeeded,
        deployment=running.snapshot.deployment(),
        changes=changes,
        seconds=seconds,
        error=error,
        may_be_corrupt=doubtful,
    )
