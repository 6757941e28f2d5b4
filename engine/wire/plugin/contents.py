"""Assets without their contents: what plugins get where only the hash matters, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.values import Archive, Asset, OutputValue, Props, Secret, Value


def without_contents(value: Value) -> Value:
    """The same value with assets and archives reduced to their hashes."""
    return _rebuilt(value, lambda asset: type(asset)(hash=asset.hash))


def with_contents(*known: Props) -> Callable[[Props], Props]:
    """Gives assets and archives that are mere hashes the contents that they have in the known properties."""
    found: dict[tuple[type, str], Asset | Archive] = {}

    def learn(asset: Asset | Archive) -> Asset | Archive:
        if asset.hash and not _is_bare(asset):
            found[type(asset), asset.hash] = asset
        return asset

    for props in known:
        _rebuilt(props, learn)

    def restored(asset: Asset | Archive) -> Asset | Archive:
        return found.get((type(asset), asset.hash), asset) if _is_bare(asset) else asset

    return lambda props: {key: _rebuilt(item, restored) for key, item in props.items()}


def _is_bare(asset: Asset | Archive) -> bool:
    return asset == type(asset)(hash=asset.hash)


def _rebuilt(value: Value, change: Callable[[Asset | Archive], Asset | Archive]) -> Value:
    if isinstance(value, Asset | Archive):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _rebuilt(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_rebuilt(item, change) for item in value]
    if isinstance(value, Secret | OutputValue):
        return replace(value, value=_rebuilt(value.value, change))
    return value
