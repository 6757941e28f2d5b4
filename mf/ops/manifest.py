"""`mf.yaml`: how an app wants to be run, kept with its code."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from mf.errors import UsageError

FILE_NAMES = ("mf.yaml", "mf.yml", "manifest.yml", "manifest.yaml")
HealthType = Literal["http", "port", "process"]
BuildWay = Literal["auto", "dockerfile", "python", "node", "go", "java", "static", "buildpacks"]


class ManifestError(UsageError):
    """A manifest that cannot be read or says something we do not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppManifest:
    """One app of the manifest; None means not said, so that flags and defaults can tell."""

    name: str | None = None
    path: Path | None = None
    memory: str | None = None
    disk: str | None = None
    cpu: str | None = None
    instances: int | None = None
    command: str | None = None
    env: dict[str, str] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    no_route: bool = False
    health_check_type: HealthType | None = None
    health_check_endpoint: str | None = None
    timeout: int | None = None
    port: int | None = None
    image: str | None = None
    build: BuildWay | None = None
    dockerfile: str | None = None


def find(folder: Path) -> Path | None:
    """The manifest file of a folder, if it has one."""
    return next((folder / name for name in FILE_NAMES if (folder / name).is_file()), None)


def load(path: Path) -> tuple[AppManifest, ...]:
    """The apps of a manifest: either a list under `applications`, or the file is one app."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise ManifestError(f"cannot read the manifest {path}: {exc}") from exc
    return parse(text, path)


def parse(text: str, path: Path) -> tuple[AppManifest, ...]:
    """As `load`, for text that is at hand; `path` is for messages and relative folders."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        raise ManifestError(f"{path.name}{where} is not YAML: {getattr(exc, 'problem', exc)}") from exc
    _refuse_twins(root, path)
    if isinstance(data, list):
        raise ManifestError(f"{path.name} is a list; put its apps below a line `applications:`, or write one app alone")
    if not isinstance(data, dict):
        raise ManifestError(f"{path.name} must be a mapping with `name:` or `applications:`, not {_kind(data)}")
    if "applications" not in data:
        return (_app(data, root, path),)
    return _applications(data, root, path)


def _refuse_twins(node: yaml.Node | None, path: Path) -> None:
    """YAML readers let the last of two equal keys win in silence."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_twins(item, path)
    if not isinstance(node, yaml.MappingNode):
        return
    lines: dict[str, int] = {}
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in lines and name != "<<":
            raise ManifestError(f"{path.name} line {line}: '{name}' is there twice, first in line {lines[name]}")
        lines[name] = line
        _refuse_twins(value, path)


def _applications(data: dict[str, Any], root: yaml.Node | None, path: Path) -> tuple[AppManifest, ...]:
    others = set(data) - {"applications", "version", "---"}
    if others:
        key = sorted(map(str, others))[0]
        raise ManifestError(
            f"{path.name} line {line_of(root, (key,))}: unknown key '{key}' beside `applications:`; put it into an app"
        )
    apps, nodes = data["applications"], _child(root, "applications")
    if not isinstance(apps, list) or not apps or not isinstance(nodes, yaml.SequenceNode):
        raise ManifestError(f"{path.name}: `applications:` must be a list with at least one app")
    return tuple(_app(app, node, path) for app, node in zip(apps, nodes.value, strict=True))


def choose(apps: tuple[AppManifest, ...], name: str | None, path: Path) -> AppManifest:
    """The app that a push is about: the named one, or the only one."""
    if name is None:
        if len(apps) == 1:
            return apps[0]
        names = ", ".join(app.name or "?" for app in apps)
        raise ManifestError(f"{path.name} has {len(apps)} apps; name one of: {names}")
    for app in apps:
        if app.name == name:
            return app
    if len(apps) == 1:
        return apps[0]
    names = ", ".join(app.name or "?" for app in apps)
    raise ManifestError(f"{path.name} has no app '{name}'; it has: {names}")


def _app(data: Any, node: yaml.Node | None, path: Path) -> AppManifest:
    if not isinstance(data, dict):
        line = node.start_mark.line + 1 if node else 1
        raise ManifestError(f"{path.name} line {line}: an app must be a mapping, not {_kind(data)}")
    from mf.ops.manifest_model import Wrong, values  # pydantic: pushes without a manifest do without it

    try:
        given = values(data)
    except Wrong as exc:
        raise ManifestError(f"{path.name} line {line_of(node, exc.where)}: {exc.message}") from exc
    place = given.pop("path")
    if place and not _is_below(path.parent, place):
        raise ManifestError(
            f"{path.name} line {line_of(node, ('path',))}: path '{place}' leaves the manifest's folder; "
            "name a folder below it, such as: path: site (another one: mf push -p FOLDER)"
        )
    return AppManifest(path=path.parent / place if place else None, **given)


def _is_below(folder: Path, place: str) -> bool:
    """Whether a manifest, which may come with anybody's code, names a part of its own folder only."""
    return not Path(place).is_absolute() and (folder / place).resolve().is_relative_to(folder.resolve())


def line_of(node: yaml.Node | None, where: tuple[str | int, ...]) -> int:
    """The line of the deepest part of `where` that the file has."""
    line = node.start_mark.line + 1 if node else 1
    for part in where:
        if isinstance(node, yaml.MappingNode):
            pair = next((p for p in node.value if p[0].value == str(part)), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _kind(data: object) -> str:
    return {type(None): "nothing", list: "a list", str: "text"}.get(type(data), type(data).__name__)
