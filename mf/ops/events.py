"""What happened lately: Kubernetes' events of an app's objects, or of the whole space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mf.ops import apps, spaces
from mf.ops.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One kind of happening on one object; `count` times, last at `time`."""

    time: str
    kind: str
    object: str
    reason: str
    message: str
    count: int


def list_events(session: Session, app: str = "") -> list[Event]:
    """Events oldest first; Kubernetes keeps them for about an hour."""
    if app:
        apps.deployment(session, app)
    found = session.kube.list("v1", "Event", namespace=session.namespace)
    if not found:
        spaces.check(session)
    mine = [describe(item) for item in found if not app or belongs(item, app)]
    return sorted(mine, key=lambda event: event.time)


def belongs(event: dict[str, Any], app: str) -> bool:
    """Whether it is about the app's Deployment, one of its ReplicaSets or pods, or another object named for it."""
    involved = event.get("involvedObject") or {}
    name, kind = str(involved.get("name", "")), involved.get("kind")
    if name == app:
        return True
    tail = name.removeprefix(f"{app}-").split("-") if name.startswith(f"{app}-") else []
    return (
        (kind == "ReplicaSet" and len(tail) == 1)
        or (kind == "Pod" and len(tail) == 2)
        or (kind == "HTTPRoute" and len(tail) == 1)
    )


def describe(event: dict[str, Any]) -> Event:
    """An event in few words."""
    involved = event.get("involvedObject") or {}
    series = event.get("series") or {}
    stamps = (series.get("lastObservedTime"), event.get("lastTimestamp"), event.get("eventTime"))
    time = next((stamp for stamp in stamps if stamp), event["metadata"].get("creationTimestamp", ""))
    return Event(
        time=time,
        kind=event.get("type", "Normal"),
        object=f"{str(involved.get('kind', '')).lower()}/{involved.get('name', '')}",
        reason=event.get("reason", ""),
        message=" ".join(str(event.get("message", "")).split()),
        count=int(series.get("count") or event.get("count") or 1),
    )
