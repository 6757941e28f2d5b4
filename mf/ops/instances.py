"""Instances of an app: its pods, and why one is not ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from components import names as keys
from mf.ops.session import Session

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One pod; `id` is the tail of its name, `reason` why it is not running well."""

    id: str
    pod: str
    state: str
    restarts: int
    since: str
    node: str
    reason: str


def pods(session: Session, app: str) -> list[dict[str, Any]]:
    """The app's pods, oldest first."""
    found = session.kube.list("v1", "Pod", namespace=session.namespace, labels=f"{keys.APP}={app}")
    return sorted(found, key=lambda pod: (pod["metadata"].get("creationTimestamp", ""), pod["metadata"]["name"]))


def list_instances(session: Session, app: str) -> list[Instance]:
    """The app's instances, oldest first."""
    return [describe(pod) for pod in pods(session, app)]


def describe(pod: Object) -> Instance:
    """A pod in the words of this platform."""
    status = pod.get("status") or {}
    containers = status.get("containerStatuses") or []
    state, reason = _state(pod, containers)
    return Instance(
        id=short_id(pod["metadata"]["name"]),
        pod=pod["metadata"]["name"],
        state=state,
        restarts=sum(int(item.get("restartCount") or 0) for item in containers),
        since=status.get("startTime") or pod["metadata"].get("creationTimestamp", ""),
        node=(pod.get("spec") or {}).get("nodeName", ""),
        reason=reason,
    )


def short_id(pod_name: str) -> str:
    """`web-6d5f-x7k2p` → `x7k2p`."""
    return pod_name.rsplit("-", 1)[-1]


def age(stamp: str, *, now: datetime | None = None) -> str:
    """How long ago, in the largest unit that says enough: `42s`, `5m`, `3h`, `12d`."""
    if not stamp:
        return ""
    then = datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    seconds = max(0, int(((now or datetime.now(UTC)) - then).total_seconds()))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= 2 * size or (seconds >= size and unit == "d"):
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _state(pod: Object, containers: list[Object]) -> tuple[str, str]:
    status = pod.get("status") or {}
    if pod["metadata"].get("deletionTimestamp"):
        return "stopping", ""
    for container in containers:
        waiting = (container.get("state") or {}).get("waiting")
        if waiting and waiting.get("reason") not in ("ContainerCreating", "PodInitializing"):
            return "crashed" if container.get("lastState") else "waiting", _why_waiting(container, waiting)
        ended = (container.get("state") or {}).get("terminated")
        if ended:
            return "crashed", _why_ended(ended)
    if containers and all(container.get("ready") for container in containers):
        return "running", _last_end(containers)
    if status.get("phase") == "Pending":
        return "starting", _unscheduled(status)
    if status.get("phase") in ("Failed", "Succeeded"):
        return "ended", status.get("message") or status.get("reason") or ""
    return "starting", _last_end(containers)


def _why_waiting(container: Object, waiting: Object) -> str:
    ended = (container.get("lastState") or {}).get("terminated")
    if ended:
        return _why_ended(ended)
    return f"{waiting.get('reason')}: {waiting.get('message', '')}".rstrip(": ")


def _why_ended(ended: Object) -> str:
    if ended.get("reason") == "OOMKilled":
        return "out of memory (killed)"
    return f"exit code {ended.get('exitCode', '?')}"


def _last_end(containers: list[Object]) -> str:
    ends = [(item.get("lastState") or {}).get("terminated") for item in containers]
    found = next((item for item in ends if item), None)
    return f"restarted after {_why_ended(found)}" if found else ""


def _unscheduled(status: Object) -> str:
    conditions = status.get("conditions") or []
    unmet = next((c for c in conditions if c.get("type") == "PodScheduled" and c.get("status") == "False"), None)
    return str(unmet.get("message", "")) if unmet else ""
