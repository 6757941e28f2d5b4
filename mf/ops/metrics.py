"""Rate, errors and duration of an app's requests, from the gateway's own request log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from components import names as keys
from engine.kube.errors import KubeError
from mf.ops.session import Session

WINDOW = 300
"""Seconds that are looked back on."""
MOST_LINES = 50_000
"""Lines read of each gateway pod at the most; a busy gateway's window gets shorter then, and says so."""
_CONTAINER = "envoy"
_STARTS = ("start_time", "@timestamp", "timestamp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What was measured over `window` seconds; `source` and `note` say where from and what is missing."""

    requests: int
    errors: int
    rate: float
    error_percent: float
    p50_ms: float | None
    p95_ms: float | None
    window: float
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the gateway's log."""

    host: str
    status: int
    milliseconds: float
    at: float


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one gateway pod's log gave: requests to the hosts, and how far back it reaches in seconds."""

    requests: list[Request]
    reach: float
    cut: bool


def traffic(session: Session, hosts: Sequence[str], *, window: int = WINDOW) -> Traffic:
    """Requests to these hosts in the last seconds, as the gateway logged them."""
    selector = f"{keys.PREFIX}component=gateway"
    try:
        pods = session.kube.list("v1", "Pod", namespace=keys.SYSTEM_NAMESPACE, labels=selector)
        readings = [_read(session, pod["metadata"]["name"], hosts, window) for pod in pods if _has_log(pod)]
    except KubeError as exc:
        return summarise([], window, note=f"its log can't be read: {exc.message}")
    if not readings:
        return summarise([], window, note="no gateway is running")
    cut = [reading.reach for reading in readings if reading.cut]
    reach = min([*cut, float(window)])
    note = f"its log reaches back {reach:.0f}s only" if cut else ""
    newest = max((request.at for reading in readings for request in reading.requests), default=0.0)
    kept = [r for reading in readings for r in reading.requests if not cut or r.at >= newest - reach]
    return summarise(kept, reach, note=note)


def summarise(requests: Sequence[Request], window: float, *, note: str = "") -> Traffic:
    """The numbers; an error is an answer of 500 or above, or none at all."""
    errors = sum(1 for request in requests if request.status >= 500 or request.status == 0)
    durations = sorted(request.milliseconds for request in requests)
    return Traffic(
        requests=len(requests),
        errors=errors,
        rate=len(requests) / window if window else 0.0,
        error_percent=100 * errors / len(requests) if requests else 0.0,
        p50_ms=percentile(durations, 50),
        p95_ms=percentile(durations, 95),
        window=window,
        source=f"gateway request log, last {_minutes(window)}",
        note=note,
    )


def percentile(ordered: Sequence[float], percent: float) -> float | None:
    """The smallest value that at least this share of all values does not exceed."""
    if not ordered:
        return None
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(rank) - 1)]


def parse(line: str) -> Request | None:
    """A request of the log, or None for a line that is none."""
    start = line.find("{")
    if start < 0:
        return None
    try:
        fields = json.loads(line[start:])
        host = str(fields["authority"]).rsplit(":", 1)[0].lower()
        return Request(host, int(fields["response_code"]), float(fields["duration"]), _time(fields))
    except (ValueError, KeyError, TypeError):
        return None


def _read(session: Session, pod: str, hosts: Sequence[str], window: int) -> _Reading:
    lines = session.kube.logs(
        keys.SYSTEM_NAMESPACE, pod, container=_CONTAINER, since_seconds=window, tail=MOST_LINES, timestamps=False
    )
    return reading(lines, hosts, window, most=MOST_LINES)


def reading(lines: Iterable[str], hosts: Sequence[str], window: int, *, most: int) -> _Reading:
    """Requests to the hosts; `reach` is the log's own span when it was cut short."""
    wanted = {host.lower() for host in hosts}
    count, mine = 0, []
    oldest, newest = float("inf"), 0.0
    for line in lines:
        count += 1
        request = parse(line)
        if request is None:
            continue
        oldest, newest = min(oldest, request.at), max(newest, request.at)
        if _matches(request.host, wanted):
            mine.append(request)
    cut = count >= most
    return _Reading(mine, max(1.0, newest - oldest) if cut else float(window), cut)


def _matches(host: str, wanted: set[str]) -> bool:
    return host in wanted or f"*.{host.partition('.')[2]}" in wanted


def _has_log(pod: dict[str, Any]) -> bool:
    containers = (pod.get("status") or {}).get("containerStatuses") or []
    return any(item["name"] == _CONTAINER and "running" in (item.get("state") or {}) for item in containers)


def _time(fields: dict[str, Any]) -> float:
    text = next((str(fields[name]) for name in _STARTS if fields.get(name)), "")
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else 0.0


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 60 and seconds % 60 == 0 else f"{seconds:.0f}s"
