"""What an app is to be: all that is needed to deploy it again, and no secret. Loads without Pulumi."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, Literal

from components.errors import BadSpec
from components.label import check_label
from components.names import GATEWAY, SYSTEM_NAMESPACE

_IDS: Final = "6d663a2f-2f61-7070-732e-6d6963726f66"
"""Namespace of the ids that are derived from names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address of an app."""

    host: str
    path: str = "/"

    @classmethod
    def parse(cls, text: str) -> Route:
        """`host`, `host/` or `host/path`."""
        host, _, path = text.partition("/")
        return cls(host=host, path=f"/{path}".rstrip("/") or "/")

    @property
    def text(self) -> str:
        """`host/path`, as the annotation has it."""
        return f"{self.host}{self.path}"

    def object_name(self, app: str) -> str:
        """The HTTPRoute's name."""
        return f"{app}-{hashlib.sha256(self.text.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """How to tell that an app works: `port` by connecting, `http` by a GET of `path`, `process` by its running."""

    kind: Literal["port", "http", "process"] = "port"
    path: str = "/"

    def __post_init__(self) -> None:
        if self.kind not in ("port", "http", "process"):
            raise BadSpec(f"health check '{self.kind}' is unknown; choose one of: http, port, process")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSpec:
    """One app in one space; see docs/architecture.md for the objects that it becomes."""

    name: str
    org: str
    space: str
    namespace: str
    image: str
    command: tuple[str, ...] = ()
    instances: int = 1
    memory: str = "512Mi"
    cpu: str = "25m"
    cpu_limit: str = "2"
    disk: str = "1Gi"
    port: int = 8080
    health: HealthCheck = HealthCheck()
    start_timeout: int = 180
    routes: tuple[Route, ...] = ()
    bindings: tuple[str, ...] = ()
    env_revision: str = ""
    restarted: str = ""
    source: str = ""
    language: str = ""
    user: int = 1000
    gateway: str = f"{SYSTEM_NAMESPACE}/{GATEWAY}"
    guid: str = ""
    told_uris: tuple[str, ...] | None = None
    """What VCAP_APPLICATION says the routes are; None for the routes themselves."""

    def __post_init__(self) -> None:
        check_label("app", self.name)
        if not 1 <= self.port <= 65535:
            raise BadSpec(f"app {self.name}: port {self.port} is none; choose one from 1 to 65535")
        if self.user == 0:
            raise BadSpec(f"app {self.name} would run as root; choose a user id above 0")
        if not self.guid:
            object.__setattr__(self, "guid", stable_id("app", self.org, self.space, self.name))

    @property
    def uris(self) -> tuple[str, ...]:
        """The addresses that the app itself is told."""
        if self.told_uris is not None:
            return self.told_uris
        return tuple(route.text.rstrip("/") for route in self.routes)

    def with_routes(self, routes: Iterable[Route]) -> AppSpec:
        """With other routes, but what running instances were told stays: mapping a route restarts nothing."""
        return replace(self, routes=tuple(routes), told_uris=self.uris)

    def restart(self, stamp: str) -> AppSpec:
        """With a new mark, which makes new instances; they are told today's routes."""
        return replace(self, restarted=stamp, told_uris=None)

    def to_json(self) -> str:
        """As the annotation has it: what differs from the defaults is enough, and stays readable by older versions."""
        defaults = {item.name: item.default for item in fields(self)}
        given = {key: value for key, value in asdict(self).items() if getattr(self, key) != defaults[key]}
        return json.dumps(given, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> AppSpec:
        """The spec of an annotation; fields of newer versions are an error, as dropping them would lose them."""
        document: dict[str, Any] = json.loads(text)
        unknown = set(document) - {item.name for item in fields(cls)}
        if unknown:
            raise BadSpec(f"app spec of a newer version: this one does not know {', '.join(sorted(unknown))}")
        routes = tuple(Route(**route) for route in document.pop("routes", ()))
        health = HealthCheck(**document.pop("health", {}))
        told = document.pop("told_uris", None)
        lists: dict[str, Any] = {key: tuple(document.pop(key)) for key in ("command", "bindings") if key in document}
        told_uris = None if told is None else tuple(told)
        return cls(routes=routes, health=health, told_uris=told_uris, **lists, **document)


def stable_id(kind: str, *names: str) -> str:
    """The same id for the same names, for documents that want one."""
    import uuid  # late: listing apps needs no new ids, and has to be quick

    return str(uuid.uuid5(uuid.UUID(_IDS), "/".join((kind, *names))))
