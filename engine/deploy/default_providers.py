"""Providers that no program asked for by name: made on first use, once for each package and version."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from engine.deploy.api import ConfigValue
from engine.deploy.builtin.provider import BUILTIN
from engine.deploy.decide.goal import Goal
from engine.deploy.family import Family
from engine.deploy.placer import Placer
from engine.errors import EngineError
from engine.providers.dynamic import DYNAMIC
from engine.providers.instance import INTERNAL
from engine.providers.reference import default_name
from engine.urn import PROVIDER_PREFIX, provider_reference
from engine.values import Props, Secret
from engine.wire.registration import ProviderChoice

_DISABLED = "pulumi:disable-default-providers"


class DefaultProviders:
    """Answers with references; users of the same provider wait for its one registration."""

    def __init__(self, placer: Placer, family: Family, config: Mapping[str, ConfigValue]) -> None:
        self._placer = placer
        self._family = family
        self._config = config
        self._made: dict[tuple[str, str], asyncio.Task[str]] = {}

    async def reference(self, package: str, choice: ProviderChoice) -> str:
        """The default provider for a package at a version."""
        self._refuse_disabled(package)
        key = (package, default_name(choice.version, choice.url))
        if key not in self._made:
            self._made[key] = asyncio.ensure_future(self._make(package, choice))
        return await asyncio.shield(self._made[key])

    async def _make(self, package: str, choice: ProviderChoice) -> str:
        type = f"{PROVIDER_PREFIX}{package}"
        name = default_name(choice.version, choice.url)
        goal = Goal(
            urn=self._family.urn(type, name, ""),
            type=type,
            name=name,
            custom=True,
            inputs={**self._settings(package), **versioned({}, choice)},
        )
        state = await self._placer.place(goal)
        self._family.remember(goal, {})
        return provider_reference(state.urn, state.id)

    def _settings(self, package: str) -> Props:
        # Dynamic providers are no package of their own: they may look at everything.
        prefix = "" if package == DYNAMIC else f"{package}:"
        return {
            key.removeprefix(prefix): Secret(item.value) if item.secret else item.value
            for key, item in self._config.items()
            if key.startswith(prefix)
        }

    def _refuse_disabled(self, package: str) -> None:
        disabled = self._config.get(_DISABLED)
        if disabled is None or package == BUILTIN:
            return
        names = _names(disabled.value)
        if "*" in names or package in names:
            raise EngineError(
                f"default providers of '{package}' are disabled by the config {_DISABLED}",
                hint="pass an explicit provider to the resource",
            )


def versioned(inputs: Props, choice: ProviderChoice) -> Props:
    """A provider's inputs with the version and source that the program asked for."""
    if not choice.version and not choice.url:
        return inputs
    internal: dict[str, Any] = {"pluginDownloadURL": choice.url} if choice.url else {}
    version = {"version": choice.version} if choice.version else {}
    return {**inputs, **version, INTERNAL: internal}


def _names(text: str) -> list[str]:
    try:
        names = json.loads(text)
    except ValueError:
        return [text]
    return [str(name) for name in names] if isinstance(names, list) else [str(names)]
