"""Whether an update may still begin steps, and why not."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from engine.deploy.do.workers import Workers
from engine.errors import EngineError, ProviderError
from engine.wire.monitor import MonitorClosed

_T = TypeVar("_T")
_MOST_TOLD = 500
"""Of what an unforeseen error says, which may be a whole page of somebody's."""
_POLL_SECONDS = 0.1
_PATIENCE_SECONDS = 60.0
"""How long a cancelled update waits for steps that do not end."""


class Abandoned(MonitorClosed):
    """A step still runs, but nobody waits for it any more."""


class Control:
    """Stops an update: by the first failure (unless it shall go on), by a cancellation, or at once."""

    def __init__(self, *, continue_on_error: bool) -> None:
        self._continue_on_error = continue_on_error
        self._abandoned: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.stopped: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done as soon as no new step may begin."""
        self.failed = False
        self.may_be_corrupt = False
        """A step failed in a way that leaves open what it did."""
        self.cancelled = False
        self.over = False

    @property
    def stopping(self) -> bool:
        """Whether no new step may begin."""
        return self.over or self.stopped.done()

    @property
    def tolerant(self) -> bool:
        """Whether the update goes on after a failure."""
        return self._continue_on_error

    def note_failure(self) -> None:
        """Something may not be done; everything else goes on."""
        self.failed = True

    def fail(self) -> None:
        """A step, or the program, failed."""
        self.note_failure()
        if not self._continue_on_error:
            self._stop()

    def abort(self) -> None:
        """A failure after which nothing goes on, whatever the user wants."""
        self.note_failure()
        self._stop()

    def cancel(self) -> None:
        """The user wants it to stop."""
        self.cancelled = True
        self._stop()

    def gate(self) -> None:
        """Raise when no new step may begin."""
        if self.stopping:
            raise MonitorClosed("the update has stopped")

    def abandon(self) -> None:
        """Wait for nothing any more."""
        self.cancel()
        if not self._abandoned.done():
            self._abandoned.set_result(None)

    async def run(self, workers: Workers, work: Callable[[], _T]) -> _T:
        """Run blocking work unless the update stops before it begins; unforeseen errors become ProviderError."""

        def guarded() -> _T:
            self.gate()
            return work()

        future = workers.submit(guarded)
        await self._ended(future)
        error = future.exception()
        if error is not None and not isinstance(error, EngineError):
            raise ProviderError(f"the provider broke: {type(error).__name__}: {str(error)[:_MOST_TOLD]}") from error
        return future.result()

    async def wait(self, work: Coroutine[Any, Any, _T]) -> _T:
        """The result of work that somebody else does, unless nobody is to wait any more."""
        future = asyncio.ensure_future(work)
        await self._ended(future)
        if future.cancelled():
            raise MonitorClosed("the update was over before the program answered")
        return future.result()

    async def _ended(self, future: asyncio.Future[Any]) -> None:
        endings: set[asyncio.Future[Any]] = {future, self._abandoned}
        await asyncio.wait(endings, return_when=asyncio.FIRST_COMPLETED)
        if not future.done():
            future.cancel()
            raise Abandoned("the update was ended while a step was still running")

    def _stop(self) -> None:
        if not self.stopped.done():
            self.stopped.set_result(None)


class Watch:
    """Turns the caller's cancel and terminate events into calls in the loop."""

    def __init__(self, cancel: threading.Event, terminate: threading.Event) -> None:
        self._cancel = cancel
        self._terminate = terminate

    async def run(self, on_cancel: Callable[[], None], on_terminate: Callable[[], None]) -> None:
        """Watch until terminated (or until this task is cancelled)."""
        while not self._cancel.is_set() and not self._terminate.is_set():
            await asyncio.sleep(_POLL_SECONDS)
        on_cancel()
        patience = time.monotonic() + _PATIENCE_SECONDS
        while not self._terminate.is_set() and time.monotonic() < patience:
            await asyncio.sleep(_POLL_SECONDS)
        on_terminate()
