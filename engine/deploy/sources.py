"""Which providers an update can have, in order of preference."""

from __future__ import annotations

import os
from collections.abc import Mapping

from engine.deploy.api import Update
from engine.deploy.dynamic import dynamic_provider
from engine.plugins.provider import Surrounding
from engine.plugins.sources import AttachedProviders, FoundProviders, Nowhere, ProjectProviders
from engine.provider_api import ProviderFactory
from engine.providers.catalogue import Catalogue, PluginSource, PythonProviders
from engine.providers.dynamic import DYNAMIC


def catalogue(update: Update, own: Mapping[str, ProviderFactory]) -> Catalogue:
    """The engine's own packages, attached plugins, those of the project, Python classes, plugins that lie about.

    A class needs no process and is there in every network; MF_PREFER_PLUGINS=1 turns the last two round.
    """
    environment = {**os.environ, **update.environment}
    around = Surrounding(
        environment=environment,
        project=update.stack.project,
        config={key: item.value for key, item in update.config.items()},
        runtime_options=update.plugins.runtime_options,
    )
    last: list[PluginSource] = [PythonProviders(), FoundProviders(around)]
    if environment.get("MF_PREFER_PLUGINS") == "1":
        last.reverse()
    named = ProjectProviders(update.plugins.named, around)
    return Catalogue(
        AttachedProviders(environment),
        named,
        *last,
        Nowhere(environment),
        own={**own, DYNAMIC: dynamic_provider(update, around)},
    )
