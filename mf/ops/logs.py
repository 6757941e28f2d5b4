"""What an app's instances print: recent lines in order of time, or all new ones as they come."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from engine.kube.errors import KubeError
from mf.ops import apps, instances
from mf.ops.session import Session

RECENT = 100
_LOOK_FOR_PODS = 2.0
_QUIET = 0.25


@dataclass(frozen=True, slots=True)
class Line:
    """One line, who printed it, and when (RFC 3339, as Kubernetes stamped it)."""

    instance: str
    time: str
    text: str


def recent(session: Session, app: str, *, lines: int = RECENT) -> list[Line]:
    """The last lines of all instances together, oldest first."""
    apps.deployment(session, app)
    found: list[Line] = []
    for pod in instances.pods(session, app):
        found.extend(_tail(session, pod, lines))
    return sorted(found, key=lambda line: line.time)[-lines:] if lines else []


def follow(session: Session, app: str, *, lines: int = RECENT) -> Generator[Line, None, None]:
    """Recent lines, then new ones for ever; instances that come later are heard as well."""
    apps.deployment(session, app)
    ears = _Ears(session, app)
    try:
        yield from ears.listen(lines)
    finally:
        ears.close()


class _Ears:
    """One thread an instance, all into one queue."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self._app = session, app
        self._heard: queue.Queue[Line] = queue.Queue(maxsize=10_000)
        self._known: set[str] = set()
        self._closed = threading.Event()

    def listen(self, lines: int) -> Generator[Line, None, None]:
        """Lines as they come; a look for new instances now and then."""
        threading.Thread(target=self._look, args=(lines,), daemon=True).start()
        while True:
            batch = self._batch()
            yield from sorted(batch, key=lambda line: line.time)

    def close(self) -> None:
        """Stop looking; the threads are daemons and end with their streams."""
        self._closed.set()

    def _batch(self) -> list[Line]:
        """What is there within a moment, so that instances' lines can be put in order."""
        batch = [self._heard.get()]
        try:
            while len(batch) < 1000:
                batch.append(self._heard.get(timeout=_QUIET))
                if self._heard.empty():
                    break
        except queue.Empty:
            pass
        return batch

    def _look(self, lines: int) -> None:
        tail = lines
        while not self._closed.is_set():
            for pod in self._pods():
                key = f"{pod['metadata']['name']}/{_restarts(pod)}"
                if key not in self._known and _has_started(pod):
                    self._known.add(key)
                    threading.Thread(target=self._hear, args=(pod, tail, key), daemon=True).start()
            tail = -1
            self._closed.wait(_LOOK_FOR_PODS)

    def _pods(self) -> list[dict[str, Any]]:
        try:
            return instances.pods(self._session, self._app)
        except KubeError as exc:
            self._heard.put(Line("mf", "~", f"the cluster does not answer: {exc.message}"))
            return []

    def _hear(self, pod: dict[str, Any], tail: int, key: str) -> None:
        name = pod["metadata"]["name"]
        try:
            stream = self._session.kube.logs(
                self._session.namespace, name, follow=True, timestamps=True, tail=tail if tail >= 0 else None
            )
            for raw in stream:
                if self._closed.is_set():
                    return
                self._heard.put(_line(name, raw))
        except KubeError:
            self._known.discard(key)  # it was not ready to be read, or is gone: the next look decides


def _tail(session: Session, pod: dict[str, Any], lines: int) -> list[Line]:
    if not _has_started(pod):
        return []
    name = pod["metadata"]["name"]
    return [_line(name, raw) for raw in session.kube.logs(session.namespace, name, tail=lines, timestamps=True)]


def _line(pod: str, raw: str) -> Line:
    stamp, _, text = raw.rstrip("\n").partition(" ")
    return Line(instances.short_id(pod), stamp, text)


def _has_started(pod: dict[str, Any]) -> bool:
    """Kubernetes has a log only for containers that run or ran."""
    states = (pod.get("status") or {}).get("containerStatuses") or []
    return any(
        {"running", "terminated"} & {*(item.get("state") or {}), *(item.get("lastState") or {})} for item in states
    )


def _restarts(pod: dict[str, Any]) -> int:
    states = (pod.get("status") or {}).get("containerStatuses") or []
    return sum(int(item.get("restartCount") or 0) for item in states)
