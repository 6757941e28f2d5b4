"""Tracebacks as users should read them."""

from __future__ import annotations

import re
from typing import Final

_NOT_THEIRS: Final = re.compile(
    r'  File "[^"\n]*(?:engine/providers/dynamic|pulumi/dynamic/__main__)\.py".*\n(?:    .*\n)*'
)


def user_frames(trace: str) -> str:
    """A traceback without the frames between the engine and the code of a dynamic provider."""
    return _NOT_THEIRS.sub("", trace).strip()
