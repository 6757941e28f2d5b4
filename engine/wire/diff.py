"""What differs between two sets of properties, path by path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from engine.provider_api import DiffKind
from engine.values import UNKNOWN, Archive, Asset, Props, Value
from engine.wire.paths import MISSING, Path, bare, contains, parse, render


def diff_props(olds: Props, news: Props, *, ignore: tuple[str, ...] = ()) -> dict[str, DiffKind]:
    """Paths at which two property bags differ, and how; secrecy alone is no difference."""
    ignored = [parse(text) for text in ignore]
    found = _differences((), olds, news)
    return {render(path): kind for path, kind in found if not any(contains(outer, path) for outer in ignored)}


def equal(old: Value, new: Value) -> bool:
    """Whether two values are the same once secrets are opened; an unknown equals nothing."""
    return next(_differences((), old, new), None) is None


def _differences(path: Path, old: Value, new: Value) -> Iterator[tuple[Path, DiffKind]]:
    old, new = bare(old), bare(new)
    if old is MISSING:
        yield path, DiffKind.ADD
    elif new is MISSING:
        yield path, DiffKind.DELETE
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            yield from _differences((*path, key), old.get(key, MISSING), new.get(key, MISSING))
    elif isinstance(old, list) and isinstance(new, list):
        for index, (a, b) in enumerate(zip_longest(old, new, fillvalue=MISSING)):
            yield from _differences((*path, index), a, b)
    elif not _same_leaf(old, new):
        yield path, DiffKind.UPDATE


def _same_leaf(old: Value, new: Value) -> bool:
    if old is UNKNOWN or new is UNKNOWN or isinstance(old, bool) != isinstance(new, bool):
        return False
    if isinstance(old, Asset | Archive) and type(old) is type(new) and old.hash and new.hash:
        return bool(old.hash == new.hash)
    return bool(old == new)
