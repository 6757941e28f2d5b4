"""Routes: which host and path goes to which app."""

from __future__ import annotations

from dataclasses import dataclass

from components import names as keys
from components.app_spec import AppSpec, Route
from mf.errors import Missing, UsageError
from mf.ops import app_change, apps, names, route_owner, spaces
from mf.ops.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One route and the app behind it; `state` is what the gateway says of it."""

    host: str
    path: str
    url: str
    app: str
    state: str


def list_routes(session: Session) -> list[Mapped]:
    """The routes of the space, by host and path."""
    found = session.kube.list(*route_owner.ROUTE_API, namespace=session.namespace, labels=keys.APP)
    if not found:
        spaces.check(session)
    routes = []
    for item in found:
        route = Route.parse(item["metadata"]["annotations"][keys.ROUTE])
        routes.append(
            Mapped(
                host=route.host,
                path=route.path,
                url=session.settings.url(route.host, route.path),
                app=item["metadata"]["labels"][keys.APP],
                state=_state(item),
            )
        )
    return sorted(routes, key=lambda route: (route.host, route.path))


def route_of(session: Session, app: str, *, host: str = "", path: str = "/") -> Route:
    """The route meant: a bare label is put below the space's domain, no host means the app's own."""
    if not host:
        host = session.settings.default_host(app, session.target.space)
    elif "." not in host:
        host = session.settings.default_host(host, session.target.space)
    if not path.startswith("/") or any(ch.isspace() for ch in path):
        raise UsageError(f"path '{path}' must start with '/' and hold no blanks")
    return Route(host=names.check_host(host.lower()), path=path.rstrip("/") or "/")


def map_route(session: Session, app: str, route: Route) -> str:
    """Send the route to the app, or leave it there; the URL. Refused when it is another app's or another space's."""
    url = session.settings.url(route.host, route.path)
    if route not in apps.spec_of(apps.deployment(session, app)).routes:
        route_owner.check(session, app, route)

    def edit(spec: AppSpec) -> AppSpec:
        return spec if route in spec.routes else spec.with_routes((*spec.routes, route))

    app_change.change(session, app, edit)
    return url


def unmap_route(session: Session, app: str, route: Route) -> None:
    """Stop sending the route to the app; its instances are not touched."""
    known = apps.spec_of(apps.deployment(session, app)).routes
    if route not in known:
        raise Missing("route", route.text, known=[item.text for item in known], where=f"app {app}")

    def edit(spec: AppSpec) -> AppSpec:
        return spec.with_routes(tuple(item for item in spec.routes if item != route))

    app_change.change(session, app, edit)


def _state(item: dict[str, object]) -> str:
    parents = (item.get("status") or {}).get("parents") or []  # type: ignore[attr-defined] # JSON of the API server
    conditions = [condition for parent in parents for condition in parent.get("conditions") or []]
    refused = next((c for c in conditions if c.get("status") == "False"), None)
    if refused:
        return f"refused: {refused.get('message', refused.get('reason', ''))}"
    return "ok" if conditions else "pending"
