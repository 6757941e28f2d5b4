"""Values without their wrappers: secrets opened, and the question whether any of it was secret or unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.values import UNKNOWN, OutputValue, Props, Secret, Value


def reveal(value: Value) -> Value:
    """The value with every secret in it opened; for work inside a provider, never for showing."""
    if isinstance(value, Secret | OutputValue):
        return reveal(value.value)
    if isinstance(value, Mapping):
        return {key: reveal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [reveal(item) for item in value]
    return value


def is_secret(value: Value) -> bool:
    """Whether a secret is anywhere in the value."""
    return next(secrets(value), None) is not None


def is_unknown(value: Value) -> bool:
    """Whether anything in the value is only known after the update."""
    return any(leaf is UNKNOWN for leaf in _leaves(value))


def secrets(value: Value) -> Iterator[Secret]:
    """Every outermost secret in the value."""
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, OutputValue):
        yield from [Secret(value.value)] if value.secret else secrets(value.value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from secrets(item)
    elif isinstance(value, list):
        for item in value:
            yield from secrets(item)


def secret_texts(props: Props) -> frozenset[str]:
    """All texts inside secrets: what must never be shown."""
    found = {leaf for secret in secrets(props) for leaf in _leaves(secret.value)}
    return frozenset(leaf for leaf in found if isinstance(leaf, str) and leaf)


def _leaves(value: Value) -> Iterator[Value]:
    value = reveal(value)
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
