"""Why something is not ready: troubles, warnings of the cluster, the last lines of crashed containers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from engine.kube.client import Kube
from engine.kube.errors import KubeError
from providers.kubernetes.manifest import subject
from providers.kubernetes.readiness import pods
from providers.kubernetes.readiness.feed import Object
from providers.kubernetes.readiness.verdict import Trouble, Verdict

_LOG_LINES = 10
_MOST = 3
_COMBINED = "(combined from similar events): "
_SELF_SAID = {"BackOff", "Failed", "FailedScheduling"}
"""Event reasons whose content the state of pods tells better."""


def explain(kube: Kube, obj: Object, verdict: Verdict, *, why: str) -> list[str]:
    """The reasons, the most telling first; `why` says what ended the wait."""
    distinct = list({(t.container, t.cause): t for t in reversed(verdict.troubles)}.values())[::-1][:_MOST]
    warned = list(islice(warnings(kube, obj, verdict.pods), _MOST))
    causes = [str(t) for t in distinct] or warned[:1] or [verdict.message or "no reason is known"]
    context = [text for text in (verdict.message if verdict.failed else "", why) if text and text != causes[0]]
    aside = f" ({', '.join(context)})" if context else ""
    head = f"{subject(obj)} is not ready{aside}: {causes[0]}"
    rest = [text for text in [*causes[1:], *warned] if text != causes[0]]
    logs = [text for t in distinct if t.crashed for text in _log(kube, obj, t)]
    if not distinct:
        logs = [text for pod in _unready(verdict.pods)[:1] for text in _running_log(kube, pod)]
    return [head, *dict.fromkeys(rest), *logs]


def warnings(kube: Kube, obj: Object, involved: Sequence[Object]) -> Iterator[str]:
    """What the cluster itself complained about last: probes, mounts, quotas; newest first."""
    names = {pod["metadata"]["uid"]: f"pod {pod['metadata']['name']}" for pod in _unready(involved)}
    names[obj["metadata"]["uid"]] = ""
    try:
        events = kube.list("v1", "Event", namespace=obj["metadata"].get("namespace"), fields="type=Warning")
    except KubeError:
        return  # without the right to read events there is just less to say
    seen: set[tuple[str, str]] = set()
    for event in sorted(events, key=_when, reverse=True):
        target = event.get("involvedObject") or {}
        place, reason = names.get(target.get("uid", "")), str(event.get("reason"))
        if place is None or reason in _SELF_SAID or (place, reason) in seen:
            continue
        seen.add((place, reason))
        text = " ".join(str(event.get("message", "")).removeprefix(_COMBINED).split())
        yield f"{place}: {text}" if place else text


def _when(event: Mapping[str, Any]) -> str:
    series = event.get("series") or {}
    times = (series.get("lastObservedTime"), event.get("lastTimestamp"), event.get("eventTime"))
    return next((str(t) for t in times if t), str(event["metadata"].get("creationTimestamp")))


def _unready(involved: Sequence[Object]) -> list[Object]:
    return [pod for pod in involved if not pods.is_ready(pod) and not pod["metadata"].get("deletionTimestamp")]


def _log(kube: Kube, obj: Object, trouble: Trouble) -> list[str]:
    """The last lines of the container that crashed: of the run before, if it was started again."""
    namespace = obj["metadata"].get("namespace", "")
    for previous in (trouble.restarted, not trouble.restarted):
        lines = _tail(kube, namespace, trouble.pod, trouble.container, previous)
        if lines:
            return [f"last lines of container {trouble.container} in pod {trouble.pod}:\n" + "\n".join(lines)]
    return [f"container {trouble.container} in pod {trouble.pod} wrote no log"]


def _running_log(kube: Kube, pod: Object) -> list[str]:
    """The last lines of a container that runs without getting ready."""
    meta = pod["metadata"]
    for status in pod.get("status", {}).get("containerStatuses") or []:
        if "running" in (status.get("state") or {}) and not status.get("ready"):
            lines = _tail(kube, meta["namespace"], meta["name"], status["name"], False)
            if lines:
                return [f"last lines of container {status['name']} in pod {meta['name']}:\n" + "\n".join(lines)]
    return []


def _tail(kube: Kube, namespace: str, pod: str, container: str, previous: bool) -> list[str]:
    try:
        return list(kube.logs(namespace, pod, container=container, tail=_LOG_LINES, previous=previous))
    except KubeError:
        return []
