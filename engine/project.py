"""A project on disk: what Pulumi.yaml says, and where a stack's settings lie."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from engine.errors import UsageError
from engine.plugins.find import Plugin, named_plugins

_NAMES: Final = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The settings of a project that deployments need."""

    name: str
    file: Path
    runtime: str = "python"
    runtime_options: Mapping[str, Any] = field(default_factory=dict)
    main: str = ""
    stack_config_dir: str = ""
    backend_url: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    """Declared keys: their defaults and types, as written in the file."""

    required_version: str = ""
    """The range of Pulumi's versions that it asks for."""

    plugins: tuple[Plugin, ...] = ()
    """Plugins that lie where the file says."""

    @property
    def root(self) -> Path:
        """The folder of Pulumi.yaml."""
        return self.file.parent

    def settings_file(self, stack: str) -> Path:
        """Where the settings of a stack are, or would be written."""
        folder = self.root / self.stack_config_dir
        name = stack.rpartition("/")[2]
        found = (folder / f"Pulumi.{name}{suffix}" for suffix in (".yaml", ".yml", ".json"))
        return next((path for path in found if path.exists()), folder / f"Pulumi.{name}{self.file.suffix}")


def load_project(directory: Path) -> Project:
    """The project of a folder or of the nearest one above it; UsageError where there is none."""
    for folder in (directory, *directory.parents):
        for name in _NAMES:
            if (folder / name).is_file():
                return _parse(folder / name)
    raise UsageError(
        "no Pulumi.yaml project file found (searching upwards from "
        f"{directory}); create one, or run this in a project's folder"
    )


def _parse(path: Path) -> Project:
    tree = _read(path)
    name, runtime = tree.get("name"), tree.get("runtime")
    if not isinstance(name, str) or not name:
        raise UsageError(f"{path} has no 'name'; give the project one")
    if not _NAME.match(name):
        raise UsageError(f"{path} has the name '{name}'; use up to 100 letters, digits, hyphens, underscores and dots")
    options: Mapping[str, Any] = {}
    if isinstance(runtime, Mapping):
        options, runtime = _member(path, runtime, "options", Mapping) or {}, runtime.get("name")
    if not isinstance(runtime, str) or not runtime:
        raise UsageError(f"{path} has no 'runtime'; write runtime: python")
    return Project(
        name=name,
        file=path,
        runtime=runtime,
        runtime_options=options,
        main=_member(path, tree, "main", str) or "",
        # `config` given as a text is the old name of stackConfigDir.
        stack_config_dir=_member(path, tree, "stackConfigDir", str)
        or (tree["config"] if isinstance(tree.get("config"), str) else ""),
        backend_url=_member(path, _member(path, tree, "backend", Mapping) or {}, "url", str) or "",
        config=tree["config"] if isinstance(tree.get("config"), Mapping) else {},
        required_version=str(tree.get("requiredPulumiVersion") or ""),
        plugins=named_plugins(path, tree.get("plugins")),
    )


def _member(path: Path, tree: Mapping[str, Any], key: str, kind: type) -> Any:
    """A member that may be missing; UsageError where it is of another kind."""
    value = tree.get(key)
    if value is not None and not isinstance(value, kind):
        raise UsageError(f"{path} has a '{key}' that is no {'text' if kind is str else 'map'}")
    return value


def _read(path: Path) -> Mapping[str, Any]:
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        tree = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (ValueError, RecursionError, yaml.YAMLError) as exc:
        raise UsageError(f"{path} cannot be read: {exc}") from exc
    if not isinstance(tree, Mapping):
        raise UsageError(f"{path} is empty; it needs at least name and runtime")
    return tree
