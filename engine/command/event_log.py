"""Numbers and dates an update's events and hands them on: to the display, a file, or Automation API's event server."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, Protocol

from engine.deploy.api import Event
from engine.deploy.step_event import StepEvent
from engine.errors import EngineError, UsageError

_PATIENCE_SECONDS: Final = 10


class Listener(Protocol):
    """Something that takes events one by one, and is told when there are no more."""

    def take(self, event: Event) -> None: ...

    def close(self) -> None: ...


class EventHub:
    """Gives each event its number and passes it to all listeners, one at a time whatever thread it came from."""

    def __init__(self, listeners: list[Listener]) -> None:
        self._listeners = listeners
        self._lock = threading.Lock()
        self._sequence = 0

    def emit(self, event: Event) -> None:
        """Pass an event on."""
        with self._lock:
            numbered: Event = {"sequence": self._sequence, "timestamp": int(time.time()), **event}
            if isinstance(event, StepEvent):
                numbered = StepEvent(numbered, event.step)
            self._sequence += 1
            for listener in self._listeners:
                listener.take(numbered)

    def close(self) -> None:
        """Tell all listeners that this was the last; a reader of the log stops at the cancel event."""
        self.emit({"cancelEvent": {}})
        for listener in self._listeners:
            listener.close()


def open_log(target: str, directory: Path, complain: Callable[[str], None]) -> Listener:
    """The listener behind `--event-log`: a file, or tcp://HOST:PORT of an event server."""
    scheme, separator, address = target.partition("://")
    if not separator:
        return FileLog(directory / target)
    if scheme == "tcp":
        return ServerLog(address, complain)
    raise UsageError(f"--event-log '{target}' makes no sense; give it a file or tcp://HOST:PORT")


class FileLog:
    """Events as lines of JSON."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("a", encoding="utf-8")
        except OSError as exc:
            raise UsageError(f"event log {path} cannot be written: {exc.strerror}") from exc

    def take(self, event: Event) -> None:
        """Write one line, at once."""
        self._file.write(json.dumps(event, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class ServerLog:
    """Events as a stream to a gRPC server."""

    def __init__(self, address: str, complain: Callable[[str], None]) -> None:
        self._address = address
        self._complain = complain
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._error: EngineError | None = None
        self._thread = threading.Thread(target=self._run, name="event-log", daemon=True)
        self._thread.start()

    def take(self, event: Event) -> None:
        """Queue one event."""
        self._queue.put(json.dumps(event))

    def close(self) -> None:
        """Wait until the server has them all."""
        self._queue.put(None)
        self._thread.join(_PATIENCE_SECONDS)
        if self._thread.is_alive():
            self._complain(f"warning: the event server at {self._address} did not take all events in time")

    def _run(self) -> None:
        # Late: most commands have no event server, and gRPC takes long to load.
        import grpc
        from pulumi.runtime.proto import events_pb2, events_pb2_grpc

        def requests() -> Iterator[Any]:
            while (text := self._queue.get()) is not None:
                yield events_pb2.EventRequest(event=text)

        with contextlib.closing(grpc.insecure_channel(self._address)) as channel:
            try:
                events_pb2_grpc.EventsStub(channel).StreamEvents(requests())
            except grpc.RpcError as exc:
                self._complain(f"warning: the event server at {self._address} went away: {exc.details()}")
