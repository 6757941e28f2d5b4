"""What a place must offer in which stacks rest: states, history, tags and the lock that guards them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from engine.deploy.api import StackId


@dataclass(frozen=True, slots=True, kw_only=True)
class StackSummary:
    """One line of `stack ls`; the time of the last update in seconds since 1970, 0 when there was none."""

    stack: StackId
    last_update: float = 0
    resources: int | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LockWish:
    """How to ask for a lock: how long to wait for a live holder, and whom to tell about waiting and taking over."""

    wait: float = 0
    say: Callable[[str], None] = lambda _: None


class Backend(Protocol):
    """A place for stacks. Texts are checkpoint files, their secrets encrypted; `write` and `conclude` need the lock."""

    @property
    def url(self) -> str: ...

    def stacks(self, project: str | None = None) -> list[StackSummary]:
        """All stacks, or those of one project, sorted."""

    def read(self, stack: StackId) -> str:
        """The checkpoint; StackNotFound where there is none."""

    def create(self, stack: StackId, text: str) -> None:
        """A new stack; StackExists where there is one."""

    def remove(self, stack: StackId, *, backups: bool = False) -> None:
        """Forget a stack with its history, and with its backups if that is asked for."""

    def rename(self, old: StackId, new: StackId, text: str) -> None:
        """Put a stack with history and tags under another name, with that checkpoint; StackExists where it is taken."""

    def write(self, stack: StackId, text: str) -> None:
        """Store the checkpoint; on return it outlives this process."""

    def conclude(self, stack: StackId, text: str | None, entry: Mapping[str, Any]) -> None:
        """Store the last checkpoint of an update (None: it did not change) together with its history entry."""

    def history(self, stack: StackId) -> list[dict[str, Any]]:
        """History entries, newest first."""

    def tags(self, stack: StackId) -> dict[str, str]:
        """The stack's tags."""

    def set_tags(self, stack: StackId, tags: Mapping[str, str]) -> None:
        """Replace the stack's tags."""

    def lock(self, stack: StackId, wish: LockWish) -> AbstractContextManager[None]:
        """Hold the stack; StackLocked where a live process does already."""

    def break_lock(self, stack: StackId) -> int:
        """Drop all locks of a stack, whoever holds them; how many there were."""


def qualified(stack: StackId) -> str:
    """The name by which checkpoints and messages call a stack."""
    return f"{stack.organization}/{stack.project}/{stack.name}"
