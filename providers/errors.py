"""The errors of providers: what the engine shows when a provider says no.

ProviderError (engine.errors)
├── UnknownType       a resource type or function that this provider does not have
├── ImportRefused     a resource of a type that cannot be adopted by its id
├── BadInput          inputs that passed the check but cannot be used
├── CommandFailed     a command ended with a non-zero exit code
├── CommandStopped    a command was cancelled or took too long
└── ConnectionFailed  a host that cannot be reached or does not let us in
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.errors import ProviderError


class UnknownType(ProviderError):
    """A resource type or function that this provider does not have."""

    def __init__(self, provider: str, token: str, known: Iterable[str]) -> None:
        super().__init__(f"provider {provider} has no '{token}'; it has: {', '.join(sorted(known))}")
        self.token = token


class ImportRefused(ProviderError):
    """A resource of a type that cannot be adopted by its id."""


class BadInput(ProviderError):
    """Inputs that passed the check but cannot be used."""


class CommandFailed(ProviderError):
    """A command ended with a non-zero exit code; `tail` holds its last lines."""

    def __init__(self, code: int, tail: Sequence[str], *, where: str = "") -> None:
        place = f" on {where}" if where else ""
        said = ": " + "\n".join(tail) if tail else " and said nothing"
        super().__init__(f"command exited with code {code}{place}{said}")
        self.code = code
        self.tail = tuple(tail)


class CommandStopped(ProviderError):
    """A command was cancelled or took too long."""


class ConnectionFailed(ProviderError):
    """A host that cannot be reached or does not let us in."""
