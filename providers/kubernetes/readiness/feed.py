"""Objects of a few selections, kept up to date by watches while somebody waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeAlias

from engine.kube.client import Kube
from engine.kube.errors import Expired, Forbidden, KubeError, NoKind, Unreachable
from engine.kube.watch import Watch

Object: TypeAlias = dict[str, Any]

MAIN = "main"
"""The key of the object that is waited for; the others only help to judge it."""

_SPAN = 300.0
_OUTAGE = 60.0


@dataclass(frozen=True, slots=True)
class Selection:
    """Which objects to follow."""

    api_version: str
    kind: str
    namespace: str | None
    labels: str = ""
    fields: str = ""


def main_selection(obj: Mapping[str, Any]) -> Selection:
    """The selection of just this object."""
    meta = obj["metadata"]
    return Selection(obj["apiVersion"], obj["kind"], meta.get("namespace"), fields=f"metadata.name={meta['name']}")


class Feed:
    """A context: while it is open, `objects` tells the newest state of each selection."""

    def __init__(self, kube: Kube, selections: Mapping[str, Selection]) -> None:
        self._kube = kube
        self._selections = dict(selections)
        self._changed = threading.Condition()
        self._version = self._seen = 0
        self._stores: dict[str, dict[str, Object]] = {}
        self._watches: dict[str, Watch] = {}
        self._stopped = threading.Event()
        self._error: KubeError | None = None

    def __enter__(self) -> Feed:
        for key in self._selections:
            threading.Thread(target=self._follow, args=(key,), name=f"watch {key}", daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._stopped.set()
        with self._changed:
            watches = list(self._watches.values())
        for watch in watches:
            watch.stop()

    def objects(self, key: str) -> list[Object]:
        """The objects of a selection as last heard."""
        with self._changed:
            return list(self._stores.get(key, {}).values())

    def complete(self, key: str | None = None) -> bool:
        """Whether the selection (without a key: each of them) was read once."""
        with self._changed:
            return key in self._stores if key else self._stores.keys() >= self._selections.keys()

    def wait(self, seconds: float) -> bool:
        """Until something changed since the last call, at most so long; raises what went wrong with the main object."""
        with self._changed:
            changed = self._changed.wait_for(lambda: self._version != self._seen or self._error, seconds)
            self._seen = self._version
            if self._error:
                raise self._error
            return bool(changed)

    def _follow(self, key: str) -> None:
        failing_since = 0.0
        while not self._stopped.is_set():
            try:
                self._round(key)
                failing_since = 0.0
            except Expired:
                continue
            except KubeError as exc:
                # A server that starts again refuses for a while what it allowed before.
                passing = isinstance(exc, Unreachable) or self.complete(key)
                failing_since = failing_since or time.monotonic()
                if not passing or time.monotonic() - failing_since > _OUTAGE:
                    self._give_up(key, exc)
                    return
                self._stopped.wait(0.5)

    def _round(self, key: str) -> None:
        chosen = self._selections[key]
        items, version = self._kube.list_at(
            chosen.api_version, chosen.kind, namespace=chosen.namespace, labels=chosen.labels, fields=chosen.fields
        )
        self._store(key, {item["metadata"]["uid"]: item for item in items})
        watch = self._kube.watch(
            chosen.api_version,
            chosen.kind,
            namespace=chosen.namespace,
            labels=chosen.labels,
            fields=chosen.fields,
            resource_version=version,
            timeout=_SPAN,
        )
        with watch:
            with self._changed:
                self._watches[key] = watch
            if self._stopped.is_set():  # `__exit__` may have looked before this watch was there to be stopped
                return
            for event, obj in watch:
                self._note(key, event, obj)

    def _store(self, key: str, objects: dict[str, Object]) -> None:
        with self._changed:
            self._stores[key] = objects
            self._notify()

    def _note(self, key: str, event: str, obj: Object) -> None:
        with self._changed:
            uid = obj["metadata"].get("uid", "")
            if event == "DELETED":
                self._stores[key].pop(uid, None)
            elif event in ("ADDED", "MODIFIED"):
                self._stores[key][uid] = obj
            self._notify()

    def _notify(self) -> None:
        self._version += 1
        self._changed.notify_all()

    def _give_up(self, key: str, exc: KubeError) -> None:
        """Helpers may be forbidden or absent: then there is less to tell, but the wait goes on."""
        if key != MAIN and isinstance(exc, (Forbidden, NoKind)):
            self._store(key, {})
        else:
            self._fail(exc)

    def _fail(self, exc: KubeError) -> None:
        with self._changed:
            self._error = exc
            self._notify()
