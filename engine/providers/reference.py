"""How default providers are called."""

from __future__ import annotations

import re
from typing import Final

from engine.wire.signatures import UNKNOWN_STRING

UNKNOWN_ID: Final = UNKNOWN_STRING
"""The id of a provider that a preview would create."""

_SEPARATORS: Final = re.compile(r"[^0-9A-Za-z]+")


def default_name(version: str, url: str) -> str:
    """The name of the default provider for a version: default, default_4_34_2, default_1_0_0_beta_2 …"""
    parts = (part for part in (version, url) if part)
    return "_".join(["default", *(_SEPARATORS.sub("_", part).strip("_") for part in parts)])
