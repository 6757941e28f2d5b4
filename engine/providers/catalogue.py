"""Which provider packages can be had: Python classes by name, and (through sources) plugins on the machine."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Final, Protocol

from engine.errors import ProviderMissing
from engine.provider_api import ProviderFactory

_REGISTERED: Final[dict[str, ProviderFactory | str]] = {}


class PluginSource(Protocol):
    """A place where providers come from."""

    def find(self, name: str, version: str, url: str) -> ProviderFactory | None:
        """What makes the provider, or None when this place has none of that name and version."""


def register(name: str, factory: ProviderFactory | str) -> None:
    """Offer a provider written in Python, as a factory or as "package.module:Class", which is imported at first use."""
    _REGISTERED[name] = factory


class PythonProviders:
    """The providers given to `register`; they serve whatever version a program asks for."""

    def find(self, name: str, version: str, url: str) -> ProviderFactory | None:
        """The registered factory of that name; version and url do not matter."""
        del version, url
        factory = _REGISTERED.get(name)
        if not isinstance(factory, str):
            return factory
        module, _, attribute = factory.partition(":")
        loaded: ProviderFactory = getattr(importlib.import_module(module), attribute)
        return loaded


class Catalogue:
    """All sources, asked in order; before them come the packages that the update serves itself (`own`)."""

    def __init__(self, *sources: PluginSource, own: Mapping[str, ProviderFactory] | None = None) -> None:
        self._sources = sources or (PythonProviders(),)
        self._own = own or {}

    def find(self, name: str, version: str, url: str = "") -> ProviderFactory:
        """What makes the provider of that name and version."""
        if name in self._own:
            return self._own[name]
        for source in self._sources:
            factory = source.find(name, version, url)
            if factory is not None:
                return factory
        raise ProviderMissing(
            f"no provider '{f'{name} {version}'.strip()}' is to be had",
            hint=f"built in: {', '.join(registered()) or 'none'}",
        )


def registered() -> list[str]:
    """The names of the providers that were given to `register`."""
    return sorted(_REGISTERED)
