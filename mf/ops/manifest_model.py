"""What a manifest's app may say: the pydantic model at the edge, and its refusals in our words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from mf.errors import UsageError
from mf.ops.manifest import BuildWay, HealthType
from mf.ops.names import MOST_INSTANCES, memory_quantity
from mf.ops.quantity import cpu_quantity


class Wrong(Exception):
    """The first thing that is wrong: where in the app's mapping, and what would be right."""

    def __init__(self, where: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.where, self.message = where, message


def values(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of `AppManifest`, checked; `path` as it was written."""
    try:
        app = _App.model_validate(data)
    except ValidationError as exc:
        raise _wrong(exc) from exc
    return {**app.model_dump(), "services": tuple(app.services), "routes": tuple(app.routes)}


class _App(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str | None = None
    path: str | None = None
    memory: str | None = None
    disk: str | None = None
    cpu: str | None = None
    instances: int | None = Field(default=None, ge=0, le=MOST_INSTANCES)
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


def _wrong(exc: ValidationError) -> Wrong:
    problem = exc.errors()[0]
    where = tuple(part for part in problem["loc"] if isinstance(part, str | int))
    key = ".".join(map(str, where))
    if problem["type"] == "extra_forbidden":
        known = ", ".join(sorted(info.alias or name for name, info in _App.model_fields.items()))
        return Wrong(where, f"unknown key '{key}'; an app knows: {known}")
    text = problem["msg"].removeprefix("Value error, ")
    return Wrong(where, f"{key}: {text[:1].lower()}{text[1:]}")


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
