"""From a wish and what is deployed to the spec of the next revision; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from components.app_spec import AppSpec, HealthCheck, Route
from mf.ops import names, start_line
from mf.ops.manifest import AppManifest
from mf.ops.settings import Settings

RESET = ("default", "null")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the app is to live."""

    org: str
    space: str
    namespace: str
    settings: Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """What is to run: the image, the source it was built from (empty for a given image), the language."""

    image: str
    source: str
    language: str


def next_spec(name: str, app: AppManifest, artifact: Artifact, *, place: Place, old: AppSpec | None) -> AppSpec:
    """The old spec with what is new; what nobody mentions stays as it is, as `scale` and others may have set it."""
    base = old or AppSpec(
        name=name, org=place.org, space=place.space, namespace=place.namespace, image=artifact.image, routes=()
    )
    said = {**_said(app), **_health(app, base.health)}
    spec = replace(base, image=artifact.image, source=artifact.source, language=artifact.language, **said)
    spec = replace(spec, instances=_instances(app, old), gateway=_gateway(place))
    return _with_routes(spec, routes_of(name, app, place, old), old)


def _said(app: AppManifest) -> dict[str, Any]:
    given: dict[str, Any] = {
        "memory": app.memory,
        "disk": app.disk,
        "cpu": app.cpu,
        "port": app.port,
        "start_timeout": app.timeout,
    }
    if app.command is not None:
        given["command"] = () if app.command.strip() in RESET else start_line.argv(app.command)
    return {key: value for key, value in given.items() if value is not None}


def _health(app: AppManifest, now: HealthCheck) -> dict[str, HealthCheck]:
    """An endpoint alone means http."""
    if app.health_check_type is None and app.health_check_endpoint is None:
        return {}
    kind = app.health_check_type or "http"
    path = app.health_check_endpoint or (now.path if now.kind == kind else "/")
    return {"health": HealthCheck(kind=kind, path=path)}


def _instances(app: AppManifest, old: AppSpec | None) -> int:
    """A push starts an app that was stopped."""
    if app.instances is not None:
        return app.instances
    return max(old.instances, 1) if old else 1


def _gateway(place: Place) -> str:
    return f"{place.settings.gateway_namespace}/{place.settings.gateway_name}"


def routes_of(name: str, app: AppManifest, place: Place, old: AppSpec | None) -> tuple[Route, ...]:
    """The routes that the app is to have."""
    if app.no_route:
        return ()
    if app.routes:
        return tuple(_route(text, place) for text in app.routes)
    if old is not None:
        return old.routes
    kind = app.health_check_type
    return () if kind == "process" else (Route(host=place.settings.default_host(name, place.space)),)


def _route(text: str, place: Place) -> Route:
    """A bare label goes below the space's domain."""
    route = Route.parse(text.strip().lower())
    names.check_host(route.host)
    if "." in route.host:
        return route
    return replace(route, host=place.settings.default_host(route.host, place.space))


def _with_routes(spec: AppSpec, routes: tuple[Route, ...], old: AppSpec | None) -> AppSpec:
    """Where routes are all that changes, running instances stay as they are."""
    if old is not None and spec == old:
        return spec if routes == old.routes else spec.with_routes(routes)
    return replace(spec, routes=routes, told_uris=None)
