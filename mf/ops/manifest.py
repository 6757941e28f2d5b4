"""`mf.yaml`: how an app wants to be run, kept with its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from mf.errors import UsageError
from mf.ops.names import memory_quantity
from mf.ops.quantity import cpu_quantity

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


class _App(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str | None = None
    path: str | None = None
    memory: str | None = None
    disk: str | None = None
    cpu: str | None = None
    instances: int | None = Field(default=None, ge=0, le=1000)
    command: str | None = None
    env: dict[str, str] = Field(default_factory=dict)
    services: list[str] = Field(default_factory=list)
    routes: list[str] = Field(default_factory=list)
    no_route: bool = Field(default=False, alias="no-route")
    health_check_type: HealthType | None = Field(default=None, alias="health-check-type")
    health_check_endpoint: str | None = Field(default=None, alias="health-check-http-endpoint", pattern="^/")
    timeout: int | None = Field(default=None, ge=1, le=3600)
    port: int | None = Field(default=None, ge=1, le=65535)
    image: str | None = None
    build: BuildWay | None = None
    dockerfile: str | None = None

    @field_validator("memory", "disk", mode="before")
    @classmethod
    def _memory(cls, value: object) -> object:
        return _checked(memory_quantity, value)

    @field_validator("cpu", mode="before")
    @classmethod
    def _cpu(cls, value: object) -> object:
        return _checked(cpu_quantity, value)

    @field_validator("env", mode="before")
    @classmethod
    def _env(cls, value: object) -> object:
        return {str(k): _text(v) for k, v in value.items()} if isinstance(value, dict) else value

    @field_validator("routes", mode="before")
    @classmethod
    def _routes(cls, value: object) -> object:
        """Cloud Foundry writes `- route: host`; a bare `- host` says the same."""
        if not isinstance(value, list):
            return value
        return [item["route"] if isinstance(item, dict) and set(item) == {"route"} else item for item in value]


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
    if not isinstance(data, dict):
        raise ManifestError(f"{path.name} must be a mapping with `name:` or `applications:`, not {_kind(data)}")
    if "applications" not in data:
        return (_app(data, root, path),)
    return _applications(data, root, path)


def _applications(data: dict[str, Any], root: yaml.Node | None, path: Path) -> tuple[AppManifest, ...]:
    others = set(data) - {"applications", "version", "---"}
    if others:
        key = sorted(map(str, others))[0]
        raise ManifestError(
            f"{path.name} line {_line(root, (key,))}: unknown key '{key}' beside `applications:`; put it into an app"
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
    try:
        app = _App.model_validate(data)
    except ValidationError as exc:
        raise ManifestError(_explain(exc, node, path)) from exc
    values = app.model_dump()
    values["path"] = (path.parent / app.path) if app.path else None
    values["services"], values["routes"] = tuple(app.services), tuple(app.routes)
    return AppManifest(**values)


def _explain(exc: ValidationError, node: yaml.Node | None, path: Path) -> str:
    """The first problem as one line: file, line, key, what is wrong and what would be right."""
    problem = exc.errors()[0]
    where = tuple(part for part in problem["loc"] if isinstance(part, str | int))
    key = ".".join(map(str, where))
    at = f"{path.name} line {_line(node, where)}"
    if problem["type"] == "extra_forbidden":
        known = ", ".join(sorted(info.alias or name for name, info in _App.model_fields.items()))
        return f"{at}: unknown key '{key}'; an app knows: {known}"
    text = problem["msg"].removeprefix("Value error, ")
    return f"{at}: {key}: {text[:1].lower()}{text[1:]}"


def _line(node: yaml.Node | None, where: tuple[str | int, ...]) -> int:
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


def _checked(check: Callable[[str], str], value: object) -> str | None:
    """Our own check, failing in the way that pydantic collects."""
    try:
        return None if value is None else check(str(value))
    except UsageError as exc:
        raise ValueError(exc.message) from exc


def _text(value: object) -> object:
    """YAML's true and 1 as the strings that a process environment holds."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _kind(data: object) -> str:
    return {type(None): "nothing", list: "a list", str: "text"}.get(type(data), type(data).__name__)
