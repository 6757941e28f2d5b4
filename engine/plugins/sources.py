"""Where the providers of a run come from when they are plugins: attached, named by the project, or found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.errors import ProviderMissing, UsageError
from engine.plugins.find import Plugin, Wanted, find, home, uses_ambient
from engine.plugins.provider import Surrounding, attach, launch
from engine.plugins.version import parse_version
from engine.provider_api import ProviderFactory


class AttachedProviders:
    """Plugins that run already: PULUMI_DEBUG_PROVIDERS=NAME:PORT,…"""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._text = environment.get("PULUMI_DEBUG_PROVIDERS", "")

    def find(self, name: str, version: str, url: str) -> ProviderFactory | None:
        """The plugin that runs under that name; version and url are its own business."""
        del version, url
        for entry in filter(None, self._text.split(",")):
            known, _, port = entry.partition(":")
            if known == name:
                number = self._port(port)
                return lambda host: attach(name, number, host)
        return None

    def _port(self, text: str) -> int:
        if not text.isdecimal() or not 0 < int(text) < 65536:
            raise UsageError(f"PULUMI_DEBUG_PROVIDERS is '{self._text}'", hint="write it as NAME:PORT,NAME:PORT")
        return int(text)


class ProjectProviders:
    """Plugins that the project names."""

    def __init__(self, named: Sequence[Plugin], around: Surrounding) -> None:
        self._named = named
        self._around = around

    def find(self, name: str, version: str, url: str) -> ProviderFactory | None:
        """The plugin of that name; a version that the project gives has to be the one asked for."""
        del url
        asked = parse_version(version) if version else None
        for plugin in self._named:
            fits = not plugin.version or asked is None or parse_version(plugin.version) == asked
            if (plugin.kind, plugin.name) == ("resource", name) and fits:
                return _launching(plugin, self._around)
        return None


class FoundProviders:
    """Plugins on PATH and in Pulumi's folder."""

    def __init__(self, around: Surrounding) -> None:
        self._around = around

    def find(self, name: str, version: str, url: str) -> ProviderFactory | None:
        """The plugin of that name and version."""
        del url
        plugin = find(Wanted(kind="resource", name=name, version=version), self._around.environment)
        return None if plugin is None else _launching(plugin, self._around)


class Nowhere:
    """The end of every search: says what is missing, and how to get it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def find(self, name: str, version: str, url: str) -> ProviderFactory | None:
        """Raise ProviderMissing."""
        raise missing(Wanted(kind="resource", name=name, version=version), self._environment, url)


def missing(wanted: Wanted, environment: Mapping[str, str], url: str = "") -> ProviderMissing:
    """The error for a plugin that is nowhere, in Pulumi's words, with what would be right."""
    number = wanted.version.removeprefix("v")
    version = f" v{number}" if number else ""
    ambient = " or on your $PATH" if uses_ambient(environment) else ""
    at = f" at version{version}" if number else ""
    server = f" --server {url}" if url else ""
    binary = f"pulumi-{wanted.kind}-{wanted.name}"
    folder = home(environment) / "plugins" / f"{wanted.kind}-{wanted.name}-v{number or 'VERSION'}"
    return ProviderMissing(
        f"no {wanted.kind} plugin '{binary}' found in the workspace{at}{ambient}",
        hint=f"install the plugin using `pulumi plugin install {wanted.kind} {wanted.name}{version}{server}`, "
        f"or (without a network) put its program into {folder}",
    )


def _launching(plugin: Plugin, around: Surrounding) -> ProviderFactory:
    return lambda host: launch(plugin, around, host)


__all__ = ["AttachedProviders", "FoundProviders", "Nowhere", "ProjectProviders", "missing"]
