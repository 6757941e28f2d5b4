"""Versions as plugins carry them: compared by the rules of semver, without looking at build metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Final

_FORM: Final = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?")


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """Three numbers, and what comes before the release."""

    numbers: tuple[int, int, int]
    before: tuple[str, ...] = ()

    def __lt__(self, other: Version) -> bool:
        return self._key() < other._key()

    def _key(self) -> tuple[tuple[int, int, int], bool, list[tuple[bool, int, str]]]:
        # A release comes after all that came before it; numbers come before words.
        parts = [(not one.isdecimal(), int(one) if one.isdecimal() else 0, one) for one in self.before]
        return self.numbers, not self.before, parts


def parse_version(text: str) -> Version | None:
    """The version that a text says (a leading `v` and missing numbers are forgiven); None where it says none."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        return None
    major, minor, patch, before = found.groups()
    return Version((int(major), int(minor or 0), int(patch or 0)), tuple(before.split(".")) if before else ())
