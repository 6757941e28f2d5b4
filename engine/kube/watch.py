"""Changes of objects as they happen, and log lines as they are written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.client import HTTPException
from types import TracebackType
from typing import Any

from engine.kube.connections import Reply
from engine.kube.errors import from_status


class Stream(Iterator[bytes]):
    """Lines of an endless reply; `stop` may be called from another thread and ends it at once."""

    def __init__(self, response: Reply, broken: Callable[[Exception], Exception]) -> None:
        self._response = response
        self._broken = broken
        self._stopped = False
        self._rest = b""
        self._lines: list[bytes] = []

    def __next__(self) -> bytes:
        while not self._lines:
            if not self._fill():
                self.close()
                raise StopIteration
        return self._lines.pop()

    def _fill(self) -> bool:
        """Wait for more; False at the end."""
        try:
            chunk = self._response.read1(65536)
        except (HTTPException, OSError, ValueError) as exc:
            if self._stopped:
                return False
            raise self._broken(exc) from exc
        if self._stopped:
            return False  # shutting a TLS socket down hands a reader that is at work bytes that nobody decrypted
        if not chunk:
            last, self._rest = self._rest, b""
            self._lines = [last] if last else []
            return bool(self._lines)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        self._lines = lines[::-1]
        return True

    def stop(self) -> None:
        """End the stream, even while another thread waits in it."""
        self._stopped = True
        try:
            self._response.shutdown()
        except OSError:
            self._response.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._response.close()


class Watch(Iterator[tuple[str, dict[str, Any]]]):
    """(type, object) for each change: ADDED, MODIFIED, DELETED, BOOKMARK; ends when the server ends it."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def __next__(self) -> tuple[str, dict[str, Any]]:
        line = next(self._stream)
        event = json.loads(line)
        if event["type"] == "ERROR":
            self.close()
            raise from_status(event["object"])
        return event["type"], event["object"]

    def stop(self) -> None:
        """End the watch from any thread."""
        self._stream.stop()

    def close(self) -> None:
        """Let go of the connection."""
        self._stream.close()

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()
