"""Texts that are JSON or YAML, shown as what they hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Decoded:
    """A structure, and the language it was written in."""

    value: Any
    kind: str


def decoded(text: str) -> Decoded | None:
    """What a text holds; None for one that is nothing but text."""
    bare = text.strip()
    if bare[:1] in ("{", "["):
        try:
            return Decoded(json.loads(bare), "json")
        except ValueError:
            pass
    # A single line such as `a: b` is rather a sentence than a document.
    if "\n" not in bare and "\r" not in bare:
        return None
    value = _yaml(bare)
    return Decoded(value, "yaml") if value is not None else None


def _yaml(text: str) -> Any:
    import yaml

    try:
        # The base loader makes nothing of dates, which the display could not show.
        value = _with_text_keys(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (yaml.YAMLError, ValueError):
        return None
    return value if isinstance(value, dict | list) else None


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _with_text_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_text_keys(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
