"""Where the code of dynamic resources runs.

That of inline programs runs in this process, where its modules are loaded already. That of programs on disk runs in
one of the program's own interpreter and folder, as Pulumi does it: its modules can be imported there and only there,
and nothing of them stays behind in the engine.
"""

from __future__ import annotations

import sys
from pathlib import Path

from engine.deploy.api import FileProgram, Update
from engine.plugins.find import Plugin
from engine.plugins.provider import Surrounding, launch
from engine.provider_api import Host, Provider, ProviderFactory
from engine.providers.dynamic import DYNAMIC, DynamicProvider


def dynamic_provider(update: Update, around: Surrounding) -> ProviderFactory:
    """What makes the provider of dynamic resources for an update."""
    home = update.program if isinstance(update.program, FileProgram) else update.home
    if home is None:
        return lambda host: DynamicProvider(host, update.stack.project)
    python = home.python or sys.executable

    def start(host: Host) -> Provider:
        plugin = Plugin(kind="resource", name=DYNAMIC, path=Path(python))
        return launch(plugin, around, host, words=[python, "-u", "-m", "pulumi.dynamic"])

    return start
