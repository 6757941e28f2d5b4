"""Stacks in a namespace of a cluster: `kubernetes://NAMESPACE`. An update costs four requests, and one per save."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from engine.backend import secret_state
from engine.backend.api import LockWish, StackSummary, qualified
from engine.backend.lease import Lease, Objects
from engine.backend.secret_state import Stored
from engine.deploy.api import StackId
from engine.errors import StackExists, StackNotFound, StateError, UsageError
from engine.kube.errors import AlreadyExists, Conflict, NotFound

_LEASES: Final = "coordination.k8s.io/v1"


class KubernetesBackend:
    """A `kubernetes://` backend; keeps what it read, so that a write needs no look before."""

    def __init__(self, url: str, kube: Objects) -> None:
        self.url = url
        self._kube = kube
        self._namespace = urlsplit(url).netloc
        if not self._namespace:
            raise UsageError(f"backend '{url}' names no namespace; write kubernetes://NAMESPACE")
        self._known: dict[StackId, Stored] = {}
        self._leases: dict[StackId, Lease] = {}
        self._lock = threading.Lock()

    def stacks(self, project: str | None = None) -> list[StackSummary]:
        heads = self._kube.list(
            "v1", "Secret", namespace=self._namespace, labels=secret_state.selector(project=project)
        )
        found = [(secret_state.identify(head), secret_state.updated(head)) for head in heads]
        return sorted(
            (StackSummary(stack=stack, last_update=time) for stack, time in found if project in (None, stack.project)),
            key=lambda summary: (summary.stack.project, summary.stack.name),
        )

    def read(self, stack: StackId) -> str:
        return self._load(stack).text

    def create(self, stack: StackId, text: str) -> None:
        self._make(Stored(stack=stack, text=text))

    def _make(self, stored: Stored) -> None:
        chunks, head, _ = secret_state.manifests(stored, self._namespace)
        name = head["metadata"]["name"]
        if self._kube.find("v1", "Secret", name, namespace=self._namespace) is not None:
            raise StackExists(qualified(stored.stack))
        for chunk in chunks:
            self._kube.create(chunk)
        try:
            self._kube.create(head)
        except AlreadyExists as exc:
            raise StackExists(qualified(stored.stack)) from exc

    def remove(self, stack: StackId, *, backups: bool = False) -> None:
        # No backups are kept here; the parameter is the Protocol's.
        del backups
        stored = self._load(stack)
        # The head goes first: without it the chunks mean nothing.
        for name in (secret_state.object_name(stack), *stored.chunks):
            self._drop(name)
        self._forget(stack)

    def rename(self, old: StackId, new: StackId, text: str) -> None:
        stored = self._load(old)
        self._make(Stored(stack=new, text=text, history=stored.history, tags=stored.tags, updated=stored.updated))
        self.remove(old)

    def write(self, stack: StackId, text: str) -> None:
        self._put(replace(self._cached(stack), text=text))

    def conclude(self, stack: StackId, text: str | None, entry: Mapping[str, Any]) -> None:
        stored = self._cached(stack).remembering(entry)
        self._put(replace(stored, text=stored.text if text is None else text, updated=time.time()))

    def history(self, stack: StackId) -> list[dict[str, Any]]:
        return [dict(entry) for entry in self._load(stack).history]

    def tags(self, stack: StackId) -> dict[str, str]:
        return dict(self._load(stack).tags)

    def set_tags(self, stack: StackId, tags: Mapping[str, str]) -> None:
        self._put(replace(self._load(stack), tags=dict(tags)))

    @contextmanager
    def lock(self, stack: StackId, wish: LockWish) -> Iterator[None]:
        lease = Lease(self._kube, self._namespace, secret_state.object_name(stack))
        lease.take(wish)
        self._leases[stack] = lease
        self._forget(stack)
        try:
            yield
        finally:
            self._leases.pop(stack, None)
            lease.release()

    def break_lock(self, stack: StackId) -> int:
        try:
            self._kube.delete(_LEASES, "Lease", secret_state.object_name(stack), namespace=self._namespace)
        except NotFound:
            return 0
        return 1

    def _load(self, stack: StackId) -> Stored:
        selector = secret_state.selector(stack)
        found = self._kube.list("v1", "Secret", namespace=self._namespace, labels=selector)
        stored = secret_state.read(stack, found)
        if stored is None:
            raise StackNotFound(stack.name)
        with self._lock:
            self._known[stack] = stored
        return stored

    def _cached(self, stack: StackId) -> Stored:
        with self._lock:
            known = self._known.get(stack)
        return known or self._load(stack)

    def _forget(self, stack: StackId) -> None:
        with self._lock:
            self._known.pop(stack, None)

    def _put(self, stored: Stored) -> None:
        lease = self._leases.get(stored.stack)
        if lease is not None and lease.lost.is_set():
            raise _overtaken(stored.stack)
        chunks, head, after = secret_state.manifests(stored, self._namespace)
        for chunk in chunks:
            self._kube.create(chunk)
        try:
            written = self._kube.replace(head)
        except (Conflict, NotFound) as exc:
            self._forget(stored.stack)
            if lease is not None:
                # Nor may a second try read what is there now, and write over it.
                lease.lost.set()
            for chunk in chunks:
                self._drop(chunk["metadata"]["name"])
            raise _overtaken(stored.stack) from exc
        with self._lock:
            self._known[stored.stack] = replace(after, version=written["metadata"]["resourceVersion"])
        # Without a lock an orphan may be the chunk of somebody who is writing now.
        for name in (*stored.chunks, *(stored.orphans if lease is not None else ())):
            self._drop(name)

    def _drop(self, name: str) -> None:
        with contextlib.suppress(NotFound):
            self._kube.delete("v1", "Secret", name, namespace=self._namespace)


def _overtaken(stack: StackId) -> StateError:
    return StateError(
        f"the state of stack {stack.name} was changed by another process meanwhile; nothing was overwritten",
        hint="look at the stack and run the command again",
    )
