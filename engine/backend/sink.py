"""Takes the states that an update produces, and writes them without slowing it down.

The policy, which every backend shares:

* A state that announces a new pending operation is written before `save` returns. A provider is therefore never asked
  to create, change or delete anything that the stored state does not know to be under way: a process killed at any
  moment leaves a trace of it.
* A state in which an operation ended is written at once by a thread of its own, always the newest; those that are
  overtaken are never written. A state that is lost this way shows the step as still pending, which the next update
  says.
* A state whose pending operations are those of the one before (resources that stay as they are) may rest a moment:
  losing it loses nothing that the next update would not find again.
* `finish` waits until all is written. An error of the writer is raised at the next call.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from engine.errors import EngineError
from engine.state.model import Deployment

_REST_SECONDS: Final = 0.5


class StateSink:
    """The `save` port of one update."""

    def __init__(self, record: Callable[[Deployment], None]) -> None:
        self._record = record
        self._changed = threading.Condition()
        self._latest: Deployment | None = None
        self._asked = 0
        self._written = 0
        self._announced: frozenset[tuple[str, str]] = frozenset()
        self._urgent = False
        self._closed = False
        self._error: EngineError | None = None
        self._thread = threading.Thread(target=self._run, name="state-writer", daemon=True)
        self._thread.start()

    def save(self, deployment: Deployment) -> None:
        """Take a state; returns once it is stored if it announces an operation that no stored state announced."""
        pending = frozenset((item.resource.urn, item.type) for item in deployment.pending)
        with self._changed:
            self._raise_error()
            self._latest = deployment
            self._asked += 1
            ticket = self._asked
            self._urgent = self._urgent or pending != self._announced
            self._changed.notify_all()
            if pending - self._announced:
                self._changed.wait_for(lambda: self._written >= ticket or self._error is not None)
                self._raise_error()
            self._announced = pending

    def finish(self) -> None:
        """Wait until the newest state is stored and end the writer."""
        self.close()
        with self._changed:
            self._raise_error()

    def close(self, *, drop: bool = False) -> None:
        """End the writer; what it still holds is stored first, or dropped where something newer is stored after it."""
        with self._changed:
            self._closed = True
            if drop:
                self._asked = self._written
            self._changed.notify_all()
        self._thread.join()

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._asked > self._written)
                self._changed.wait_for(lambda: self._closed or self._urgent, _REST_SECONDS)
                self._urgent = False
                if self._asked <= self._written:
                    return
                deployment, ticket = self._latest, self._asked
            assert deployment is not None
            try:
                self._record(deployment)
            except EngineError as exc:
                self._fail(exc)
                return
            except OSError as exc:
                self._fail(EngineError(f"the state cannot be stored: {exc}"))
                return
            except BaseException as exc:
                # Whoever waits in `save` must not wait for ever.
                self._fail(EngineError(f"the state cannot be stored: {exc!r}"))
                raise
            with self._changed:
                self._written = ticket
                self._changed.notify_all()

    def _fail(self, error: EngineError) -> None:
        with self._changed:
            self._error = error
            self._changed.notify_all()
