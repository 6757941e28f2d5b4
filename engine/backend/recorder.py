"""Stores one update's states: whole checkpoints, and between them, where the backend can, only what changed.

A whole checkpoint costs time in proportion to the state; it is therefore written so seldom that it takes a twentieth of
the update's time at most. What is written in all then grows with the update, and not with its square.
"""

from __future__ import annotations

import time
from typing import Final, Protocol, runtime_checkable

from engine.backend.api import Backend, qualified
from engine.deploy.api import StackId
from engine.state import integrity
from engine.state.delta import changes, text
from engine.state.model import Deployment, PendingOperation, Resource
from engine.state.serialise import StateCodec, features_of, wrap_checkpoint

_SMALL_BYTES: Final = 128 * 1024
_FIRST_SECONDS: Final = 1.0
_REST: Final = 20.0
"""How much longer than the last checkpoint took to write the next one is put off."""


@runtime_checkable
class Journaling(Protocol):
    """A backend that can store a change beside the checkpoint that it belongs to."""

    def append(self, stack: StackId, line: str) -> None:
        """Store one change; on return it outlives this process."""


class Recorder:
    """Knows what is stored of a stack; used by one thread at a time."""

    def __init__(
        self,
        backend: Backend,
        stack: StackId,
        codec: StateCodec,
        *,
        stored: Deployment,
        size: int,
        checked: bool = True,
    ) -> None:
        self._backend = backend
        self._stack = stack
        self._codec = codec
        self._stored = stored
        self._size = size
        self._checked = checked
        self._features = features_of(stored)
        self._next = time.monotonic() + _FIRST_SECONDS if codec.fits else 0.0

    def text(self, deployment: Deployment) -> str:
        """The checkpoint file of a state."""
        return wrap_checkpoint(qualified(self._stack), self._codec.dump(deployment), features_of(deployment))

    def record(self, deployment: Deployment) -> None:
        """Store a state."""
        if not self._add(deployment):
            self._rewrite(deployment)
        self._stored = deployment

    def _add(self, deployment: Deployment) -> bool:
        backend = self._backend
        if self._size < _SMALL_BYTES or not isinstance(backend, Journaling) or self._is_due(deployment):
            return False
        resources = changes(self._stored.resources, deployment.resources)
        fresh = Deployment(resources=tuple(part for part in resources if isinstance(part, Resource)))
        if not features_of(fresh) <= self._features:
            return False
        pending: list[range | PendingOperation] = changes(self._stored.pending, deployment.pending)
        rows = text(resources, self._codec.resource)
        operations = text(pending, self._codec.operation)
        backend.append(self._stack, f'{{"resources": {rows}, "pending_operations": {operations}}}'.replace("\n", " "))
        return True

    def _is_due(self, deployment: Deployment) -> bool:
        return time.monotonic() > self._next or deployment.extra != self._stored.extra

    def _rewrite(self, deployment: Deployment) -> None:
        # A change is checked with the whole checkpoint that follows it.
        if self._checked:
            integrity.check(deployment)
        began = time.monotonic()
        text = self.text(deployment)
        self._backend.write(self._stack, text)
        ended = time.monotonic()
        self._size, self._features = len(text), features_of(deployment)
        self._next = ended + _REST * (ended - began)
