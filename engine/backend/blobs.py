"""What Pulumi's layout needs of the place it lies in: named bytes, written whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Blob:
    """One entry: its key, with slashes, and when it was changed, in seconds since 1970."""

    key: str
    modified: float


class Blobs(Protocol):
    """A flat space of keys. Reading what is not there is a FileNotFoundError; any other trouble a StateError."""

    @property
    def parallel(self) -> int:
        """How many requests at a time are worth it."""

    def name(self, key: str) -> str:
        """How messages call an entry."""

    def get(self, key: str) -> bytes:
        """The bytes of an entry."""

    def put(self, key: str, data: bytes, *, sync: bool = False) -> None:
        """Write an entry; on return it outlives this process, with `sync` a power cut too."""

    def copy(self, source: str, target: str) -> None:
        """Give the bytes of an entry a second key; nothing happens where there is none."""

    def keep(self, key: str) -> None:
        """The same with `.bak` behind the key, as cheaply as can be: it happens at every save."""

    def delete(self, key: str) -> None:
        """Forget an entry; nothing happens where there is none."""

    def find(self, keys: Sequence[str]) -> list[Blob]:
        """Those of some keys that exist."""

    def list(self, folder: str) -> list[Blob]:
        """All entries below a folder (a key that ends with a slash), at any depth, sorted by key."""
