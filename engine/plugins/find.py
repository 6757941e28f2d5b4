"""Where plugins lie on this machine: named by the project, on PATH, or in Pulumi's own folder."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from engine.errors import UsageError
from engine.plugins.version import Version, parse_version

_FOLDER: Final = re.compile(r"(?P<kind>[a-z]+)-(?P<name>[a-zA-Z0-9-][a-zA-Z0-9-_.]*[a-zA-Z0-9])-v(?P<version>.*)")
_BINARY: Final = re.compile(r"pulumi-(?P<kind>resource|analyzer|language)-(?P<name>.+)")
_UNFINISHED: Final = re.compile(r"\.tmp[0-9]+$")
_KINDS: Final = {"providers": "resource", "analyzers": "analyzer", "languages": "language"}
_TRUE: Final = frozenset({"1", "true", "True", "TRUE", "t", "T"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """A plugin that was found; `path` is its program, or a folder with one (or with a PulumiPlugin.yaml) inside."""

    kind: str
    name: str
    path: Path
    version: str = ""
    ambient: bool = False
    """Found on PATH: nobody knows which version it is until it runs."""

    @property
    def binary(self) -> str:
        """What its program is called."""
        return f"pulumi-{self.kind}-{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPlugins:
    """What a project says about plugins: those that it names, and its runtime's options for their environment."""

    named: tuple[Plugin, ...] = ()
    runtime_options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which plugin is looked for; without a version any will do."""

    kind: str
    name: str
    version: str = ""


def home(environment: Mapping[str, str]) -> Path:
    """Pulumi's own folder."""
    given = environment.get("PULUMI_HOME")
    return Path(given) if given else Path(environment.get("HOME") or Path.home()) / ".pulumi"


def uses_ambient(environment: Mapping[str, str]) -> bool:
    """Whether plugins on PATH count."""
    return environment.get("PULUMI_IGNORE_AMBIENT_PLUGINS", "") not in _TRUE


def ambient(wanted: Wanted, environment: Mapping[str, str]) -> Plugin | None:
    """The plugin on PATH; it is used whatever version it has."""
    if not uses_ambient(environment):
        return None
    found = shutil.which(f"pulumi-{wanted.kind}-{wanted.name}", path=environment.get("PATH", ""))
    return Plugin(kind=wanted.kind, name=wanted.name, path=Path(found), ambient=True) if found else None


def on_path(environment: Mapping[str, str]) -> list[Plugin]:
    """All plugins on PATH; of several with one name the first counts."""
    found: dict[str, Plugin] = {}
    folders = environment.get("PATH", "").split(os.pathsep) if uses_ambient(environment) else []
    for path in (item for folder in folders for item in sorted(Path(folder or ".").glob("pulumi-*-*"))):
        match = _BINARY.fullmatch(path.name)
        if match and path.is_file() and os.access(path, os.X_OK):
            plugin = Plugin(kind=match["kind"], name=match["name"], path=path, ambient=True)
            found.setdefault(path.name, plugin)
    return list(found.values())


def installed(environment: Mapping[str, str]) -> list[Plugin]:
    """All plugins in Pulumi's folder, oldest version first."""
    folder = home(environment) / "plugins"
    if not folder.is_dir():
        return []
    found = [_installed(path) for path in folder.iterdir() if path.is_dir() and not _UNFINISHED.search(path.name)]
    return sorted((one for one in found if one), key=lambda one: (one.kind, one.name, _version(one)))


def choose(wanted: Wanted, plugins: Iterable[Plugin], *, newer: bool = False) -> Plugin | None:
    """The one that fits: the very version asked for, or the newest stable one where none was (or newer ones do)."""
    known = [one for one in plugins if (one.kind, one.name) == (wanted.kind, wanted.name)]
    asked = parse_version(wanted.version) if wanted.version else None
    if asked is not None and (not newer or asked.before):
        return next((one for one in known if _version(one) == asked), None)
    fitting = [one for one in known if asked is None or _version(one) >= asked]
    return max(fitting, key=lambda one: (not _version(one).before, _version(one)), default=None)


def find(wanted: Wanted, environment: Mapping[str, str]) -> Plugin | None:
    """The plugin on PATH, else the one in Pulumi's folder."""
    newer = bool(environment.get("PULUMI_ENABLE_LEGACY_PLUGIN_SEARCH"))
    return ambient(wanted, environment) or choose(wanted, installed(environment), newer=newer)


def _installed(path: Path) -> Plugin | None:
    match = _FOLDER.fullmatch(path.name)
    if match is None or parse_version(match["version"]) is None:
        return None
    if not (path.parent / f"{path.name}.partial").exists():
        return Plugin(kind=match["kind"], name=match["name"], version=match["version"], path=path)
    # Its unpacking was broken off.
    return None


def _version(plugin: Plugin) -> Version:
    return parse_version(plugin.version) or Version((0, 0, 0))


def named_plugins(file: Path, section: Any) -> tuple[Plugin, ...]:
    """The plugins that the `plugins:` of a project file names, with the folders or programs where they lie."""
    if section is not None and not isinstance(section, Mapping):
        raise UsageError(f"{file}: 'plugins' is no mapping", hint=f"it may have {', '.join(_KINDS)}")
    groups = {group: (section or {}).get(group) or [] for group in _KINDS}
    for group, entries in groups.items():
        if not isinstance(entries, list):
            raise UsageError(f"{file}: 'plugins.{group}' is no list", hint="write - {name: NAME, path: FOLDER}")
    return tuple(_named(file, kind, entry) for group, kind in _KINDS.items() for entry in groups[group])


def _named(file: Path, kind: str, entry: Any) -> Plugin:
    name, path = (entry.get("name"), entry.get("path")) if isinstance(entry, Mapping) else (None, None)
    if not isinstance(name, str) or not isinstance(path, str):
        raise UsageError(f"{file} names a plugin without 'name' or 'path'", hint="write - {name: NAME, path: FOLDER}")
    version = str(entry.get("version") or "").removeprefix("v")
    return Plugin(kind=kind, name=name, version=version, path=(file.parent / path).resolve())
