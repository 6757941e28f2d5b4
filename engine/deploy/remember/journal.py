"""Saves the state from one thread; saves that are asked for while one runs are done together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from engine.deploy.do.workers import Workers
from engine.deploy.remember.snapshot import Snapshot
from engine.errors import EngineError, StateError
from engine.state.model import Deployment


class Journal:
    """Makes changes of a snapshot durable, before their step goes on."""

    def __init__(self, snapshot: Snapshot, save: Callable[[Deployment], None] | None) -> None:
        self._snapshot = snapshot
        self._save = save
        self._writer = Workers(1, "engine-journal")
        self._waiting: asyncio.Future[None] | None = None
        self._writing: asyncio.Future[None] | None = None

    async def commit(self) -> None:
        """Return when the snapshot as it is now has been saved; raises what the saving raised."""
        if self._save is None:
            return
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().create_future()
        waiting = self._waiting
        if self._writing is None:
            self._start()
        await asyncio.shield(waiting)

    def close(self) -> None:
        """Let the writer's thread end."""
        self._writer.close()

    def _start(self) -> None:
        save, waiting = self._save, self._waiting
        assert save is not None and waiting is not None
        self._waiting = None
        deployment = self._snapshot.deployment()
        self._writing = self._writer.submit(lambda: save(deployment))
        self._writing.add_done_callback(lambda done: self._written(done, waiting))

    def _written(self, done: asyncio.Future[None], waiting: asyncio.Future[None]) -> None:
        self._writing = None
        error = done.exception()
        if error is None:
            waiting.set_result(None)
        elif isinstance(error, EngineError):
            waiting.set_exception(error)
        else:
            failure = StateError(f"the state could not be saved: {error}")
            failure.__cause__ = error
            waiting.set_exception(failure)
        if self._waiting is not None:
            self._start()
