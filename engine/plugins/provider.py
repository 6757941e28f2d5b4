"""Provider plugins at work: launched from where they lie, or attached to where they run already."""

from __future__ import annotations

import contextlib
import functools
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from engine.errors import UnsupportedError, UsageError
from engine.plugins.find import Plugin
from engine.plugins.process import Launch, PluginFailed, Process
from engine.provider_api import Host, Provider, Severity

_MANIFEST: Final = "PulumiPlugin.yaml"
_SECONDS_TO_START: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Surrounding:
    """What plugins learn of the run that they are part of, through their environment."""

    environment: Mapping[str, str]
    project: str = ""
    config: Mapping[str, str] = field(default_factory=dict)
    """All config values by `namespace:key`; a plugin gets those of its own namespace."""

    runtime_options: Mapping[str, Any] = field(default_factory=dict)

    def of(self, package: str) -> dict[str, str]:
        """The environment for one plugin. Config may hold secrets: the environment is private, arguments are not."""
        prefix = f"{package}:"
        config = {key.removeprefix(prefix): value for key, value in self.config.items() if key.startswith(prefix)}
        options = {f"PULUMI_RUNTIME_{key.upper()}": str(value) for key, value in self.runtime_options.items()}
        project = {"PULUMI_PROJECT": self.project} if self.project else {}
        return {**self.environment, **options, **project, "PULUMI_CONFIG": json.dumps(config)}


def launch(plugin: Plugin, around: Surrounding, host: Host, *, words: Sequence[str] = ()) -> Provider:
    """Start a plugin's process (by `words`, where it has no program) and greet it; closing the provider ends it."""
    # Late: gRPC takes a while to load, and most runs have no plugins.
    from engine.wire.plugin.client import Greeting, PluginClient
    from engine.wire.plugin.connection import Connection, label
    from engine.wire.plugin.engine_log import EngineLog

    if plugin.ambient:
        host.log(Severity.WARNING, f"using {plugin.binary} from $PATH at {plugin.path}")
    patience = start_seconds(around.environment)
    named = label(plugin.name, plugin.version, str(plugin.path))
    with contextlib.ExitStack() as undo:
        log = EngineLog(host)
        undo.callback(log.close)
        process = Process(
            Launch(
                label=named,
                command=[*(words or command(plugin)), log.address],
                directory=Path(host.directory),
                environment=around.of(plugin.name),
                patience=patience,
                heard=lambda line, _is_error: host.log(Severity.INFO, line),
            )
        )
        undo.callback(process.stop)
        ending = functools.partial(process.ending, 0.5)
        connection = Connection(f"127.0.0.1:{process.port}", named, ending, patience=patience)
        undo.callback(connection.close)
        process.on_end(connection.close)
        folder = plugin.path if plugin.path.is_dir() else plugin.path.parent
        greeting = Greeting(package=plugin.name, engine=log.address, where=str(plugin.path), folder=str(folder))
        client = PluginClient(connection, greeting)
        client.release = undo.pop_all().close
        return client


def attach(name: str, port: int, host: Host) -> Provider:
    """Greet a plugin that runs already (under a debugger, say); closing the provider leaves it running."""
    from engine.wire.plugin.client import Greeting, PluginClient
    from engine.wire.plugin.connection import Connection, label
    from engine.wire.plugin.engine_log import EngineLog

    where = f"127.0.0.1:{port}"
    patience = start_seconds(host.environment)
    with contextlib.ExitStack() as undo:
        log = EngineLog(host)
        undo.callback(log.close)
        connection = Connection(where, label(name, "", where), str, patience=patience)
        undo.callback(connection.close)
        client = PluginClient(connection, Greeting(package=name, engine=log.address, where=where))
        client.release = undo.pop_all().close
        return client


def command(plugin: Plugin) -> list[str]:
    """What to run: the plugin's program, or its folder's Python program by the interpreter that it asks for."""
    if not plugin.path.is_dir():
        return [str(plugin.path)]
    if (plugin.path / plugin.binary).is_file():
        return [str(plugin.path / plugin.binary)]
    if not (plugin.path / _MANIFEST).is_file():
        raise PluginFailed(
            f"plugin {plugin.name} {plugin.version} has neither {plugin.binary} nor {_MANIFEST} in {plugin.path}"
        )
    return [_python(plugin), "-u", str(plugin.path)]


def _python(plugin: Plugin) -> str:
    runtime, options = _runtime(plugin.path / _MANIFEST)
    if runtime != "python":
        raise UnsupportedError(
            f"plugin {plugin.name} ({plugin.path}) needs the runtime '{runtime}', which this engine does not run",
            hint="build it into a program of its own, or run it and set PULUMI_DEBUG_PROVIDERS=NAME:PORT",
        )
    chosen = options.get("virtualenv")
    for folder in (str(chosen),) if chosen else ("venv", ".venv"):
        python = plugin.path / Path(folder).expanduser() / "bin" / "python"
        if python.exists():
            return str(python)
        if chosen:
            raise PluginFailed(f"plugin {plugin.name} asks for the virtualenv {folder}, but there is no {python}")
    return sys.executable


def _runtime(manifest: Path) -> tuple[str, Mapping[str, Any]]:
    import yaml

    try:
        tree = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as exc:
        raise PluginFailed(f"{manifest} cannot be read: {exc}") from exc
    runtime = tree.get("runtime") if isinstance(tree, Mapping) else None
    if isinstance(runtime, Mapping):
        options = runtime.get("options")
        return str(runtime.get("name")), options if isinstance(options, Mapping) else {}
    if not isinstance(runtime, str):
        raise PluginFailed(f"{manifest} has no 'runtime'; write runtime: python")
    return runtime, {}


def start_seconds(environment: Mapping[str, str]) -> float:
    text = environment.get("MF_PLUGIN_START_SECONDS") or str(_SECONDS_TO_START)
    try:
        return float(text)
    except ValueError as exc:
        raise UsageError(f"MF_PLUGIN_START_SECONDS is '{text}'; give it a number of seconds") from exc
