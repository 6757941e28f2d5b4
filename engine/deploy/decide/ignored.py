"""ignoreChanges: keep old values where the program does not want to see changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.errors import UsageError
from engine.values import Props, Value
from engine.wire.paths import MISSING, Path, bare, delete, expand, get, parse, put


def with_old_values(news: Props, olds: Props, ignored: Iterable[str]) -> Props:
    """New inputs with the old ones at the ignored paths; a path that can't be reset is left as it is."""
    result: Any = news
    for text in ignored:
        path = parse(text)
        concrete = {**dict.fromkeys(expand(olds, path)), **dict.fromkeys(expand(result, path))}
        for one in concrete or {path: None}:
            result = _reset(result, olds, one)
    kept: Props = result
    return kept


def _reset(news: Value, olds: Value, path: Path) -> Value:
    old, new = get(olds, path), get(news, path)
    if old is MISSING:
        # A list must keep its length; only members of maps may vanish.
        return delete(news, path) if new is not MISSING and isinstance(path[-1], str) else news
    parent = bare(get(news, path[:-1])) if len(path) > 1 else news
    if not isinstance(parent, Mapping) and new is MISSING:
        return news
    try:
        return put(news, path, old)
    except UsageError:
        return news
