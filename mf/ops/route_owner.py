"""Whose a host is: the gateway is shared by all spaces, so a name may be taken from elsewhere."""

from __future__ import annotations

from typing import Any

from components import names as keys
from components.app_spec import Route
from mf.errors import Refused
from mf.ops import spaces
from mf.ops.session import Session

ROUTE_API = ("gateway.networking.k8s.io/v1", "HTTPRoute")


def check(session: Session, app: str, route: Route) -> None:
    """Refused, naming the owner, when another app has the route or another space has the host."""
    for item in session.kube.list(*ROUTE_API):
        if _is_mine(session, app, item):
            continue
        if item["metadata"]["namespace"] != session.namespace and route.host in _hosts(item):
            raise Refused(
                f"host {route.host} is used by {_place(session, item)}", hint="choose another host, or free it there"
            )
        if _text(item) == route.text:
            owner = item["metadata"]["labels"][keys.APP]
            raise Refused(
                f"{route.text} goes to app {owner} already",
                hint=f"choose another, or take it away there: mf unmap-route {owner} {route.host}{_path(route)}",
            )
    _check_domain(session, route)


def _check_domain(session: Session, route: Route) -> None:
    """What is below SPACE.DOMAIN is that space's own, also the names that it does not use yet."""
    domain = f".{session.settings.domain}"
    label = route.host.removesuffix(domain).rpartition(".")[2]
    if not route.host.endswith(domain) or label == session.target.space:
        return
    owner = next((space for space in spaces.list_spaces(session, all_orgs=True) if space.name == label), None)
    if owner is not None:
        raise Refused(
            f"host {route.host} is below the domain of space {owner.org}/{owner.name}",
            hint="choose one below this space's, or another domain",
        )


def _is_mine(session: Session, app: str, item: dict[str, Any]) -> bool:
    labels = item["metadata"].get("labels") or {}
    return (item["metadata"]["namespace"], labels.get(keys.APP)) == (session.namespace, app)


def _text(item: dict[str, Any]) -> str:
    return str((item["metadata"].get("annotations") or {}).get(keys.ROUTE, ""))


def _hosts(item: dict[str, Any]) -> set[str]:
    return {*((item.get("spec") or {}).get("hostnames") or ()), Route.parse(_text(item)).host}


def _place(session: Session, item: dict[str, Any]) -> str:
    """The app and its space, or the object where it is none of ours."""
    about = item["metadata"]
    app = (about.get("labels") or {}).get(keys.APP)
    labels = ((session.kube.find("v1", "Namespace", about["namespace"]) or {}).get("metadata") or {}).get(
        "labels"
    ) or {}
    if app and keys.SPACE in labels:
        return f"app {app} of space {labels.get(keys.ORG)}/{labels[keys.SPACE]}"
    return f"HTTPRoute {about['name']} of namespace {about['namespace']}"


def _path(route: Route) -> str:
    return "" if route.path == "/" else f" --path {route.path}"
