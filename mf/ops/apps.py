"""Apps as Kubernetes shows them: one Deployment each, found by label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components import names as keys
from components.app_spec import AppSpec
from mf.errors import Failed, Missing
from mf.ops import names, spaces
from mf.ops.session import Session

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """One app of the space; `state` is running, starting, degraded, failed, down or stopped."""

    name: str
    state: str
    ready: int
    wanted: int
    memory: str
    disk: str
    urls: tuple[str, ...]
    services: tuple[str, ...]
    image: str
    language: str


def list_apps(session: Session) -> list[App]:
    """All apps of the targeted space, by name."""
    found = session.kube.list("apps/v1", "Deployment", namespace=session.namespace, labels=keys.APP)
    if not found:
        _ = session.settings  # an empty space is one thing, a cluster without the platform another
        spaces.check(session)
    described = (describe(session, deployment) for deployment in found if keys.SPEC in _annotations(deployment))
    return sorted(described, key=lambda app: app.name)


def get(session: Session, name: str) -> App:
    """One app; Missing says which there are."""
    return describe(session, deployment(session, name))


def find(session: Session, name: str) -> Object | None:
    """The Deployment behind an app, or None."""
    names.check_label("app", name)
    found = session.kube.find("apps/v1", "Deployment", name, namespace=session.namespace)
    return found if found is not None and keys.SPEC in _annotations(found) else None


def deployment(session: Session, name: str) -> Object:
    """The Deployment behind an app; Missing says which apps there are."""
    found = find(session, name)
    if found is None:
        known = [app.name for app in list_apps(session)]
        where = f"space {session.target.org}/{session.target.space}"
        raise Missing("app", name, known=known, where=where, hint="" if known else "push one: mf push NAME")
    return found


def spec_of(deployment: Object) -> AppSpec:
    """What the app was last deployed from."""
    name = deployment["metadata"]["name"]
    try:
        return AppSpec.from_json(_annotations(deployment)[keys.SPEC])
    except (ValueError, TypeError, KeyError) as exc:
        raise Failed(f"app {name}: its annotation {keys.SPEC} can't be read ({exc})", hint=f"mf push {name}") from exc


def describe(session: Session, deployment: Object) -> App:
    """A Deployment in the words of this platform."""
    spec = spec_of(deployment)
    urls = tuple(session.settings.url(route.host, route.path) for route in spec.routes)
    return App(
        name=spec.name,
        state=state_of(deployment),
        ready=int(_status(deployment).get("readyReplicas") or 0),
        wanted=wanted(deployment),
        memory=spec.memory,
        disk=spec.disk,
        urls=urls,
        services=tuple(spec.bindings),
        image=spec.image,
        language=spec.language,
    )


def wanted(deployment: Object) -> int:
    """How many instances there should be."""
    replicas = deployment["spec"].get("replicas")
    return 1 if replicas is None else int(replicas)


def state_of(deployment: Object) -> str:
    """One word for how the app is."""
    status = _status(deployment)
    ready, goal = int(status.get("readyReplicas") or 0), wanted(deployment)
    if goal == 0:
        return "stopped"
    rolled_out = int(status.get("updatedReplicas") or 0) >= goal and _observed(deployment)
    if rolled_out and ready >= goal and int(status.get("replicas") or 0) == goal:
        return "running"
    if _progress(deployment).get("status") == "False":
        return "failed" if ready == 0 else "degraded"
    return "starting" if not rolled_out or _is_rolling(deployment) else ("degraded" if ready else "down")


def _observed(deployment: Object) -> bool:
    return int(_status(deployment).get("observedGeneration") or 0) >= int(deployment["metadata"].get("generation") or 0)


def _is_rolling(deployment: Object) -> bool:
    """Progressing with any reason but the one that says that the roll-out ended."""
    progress = _progress(deployment)
    return progress.get("status") == "True" and progress.get("reason") != "NewReplicaSetAvailable"


def _progress(deployment: Object) -> Object:
    conditions = _status(deployment).get("conditions") or []
    return next((item for item in conditions if item.get("type") == "Progressing"), {})


def _status(deployment: Object) -> Object:
    return deployment.get("status") or {}


def _annotations(deployment: Object) -> Mapping[str, str]:
    return deployment["metadata"].get("annotations") or {}
