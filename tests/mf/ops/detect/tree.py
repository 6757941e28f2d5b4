"""A source in memory (support file of the detection tests)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FakeTree:
    """Files by name."""

    files: dict[str, str]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.files)

    def read(self, name: str) -> str:
        return self.files.get(name, "")
