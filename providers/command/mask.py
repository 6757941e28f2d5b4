"""Keeps secret texts out of what is shown: streamed lines and error messages."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SHORTEST_PIECE = 8
_SPLIT = re.compile(r"""[\s'"=;,]+""")


class Mask:
    """Replaces every secret text by `[secret]`: whole values, their lines, and the long words of scripts."""

    def __init__(self, secrets: Iterable[str]) -> None:
        texts = {piece for secret in secrets for piece in _pieces(secret)}
        longest_first = sorted(texts, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if texts else None

    def __call__(self, line: str) -> str:
        return self._pattern.sub("[secret]", line) if self._pattern else line


def _pieces(secret: str) -> Iterable[str]:
    """What of a secret could be echoed: a script with a password in it is rarely echoed whole."""
    if secret.strip():
        yield secret.strip()
    lines = secret.splitlines()
    if len(lines) > 1:
        yield from (line.strip() for line in lines if len(line.strip()) >= _SHORTEST_PIECE)
    yield from (word for word in _SPLIT.split(secret) if len(word) >= _SHORTEST_PIECE)
