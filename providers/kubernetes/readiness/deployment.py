"""A Deployment is ready when the newest revision runs in full and the older ones are gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from providers.kubernetes.readiness import pods
from providers.kubernetes.readiness.feed import Object, Selection
from providers.kubernetes.readiness.verdict import (
    READY,
    TEN_MINUTES,
    Trouble,
    Verdict,
    View,
    condition,
    waiting,
)

_REVISION = "deployment.kubernetes.io/revision"


class DeploymentRule:
    """Judged by its status; explained by the pods of its newest ReplicaSet."""

    timeout = TEN_MINUTES

    def selections(self, obj: Object) -> Mapping[str, Selection]:
        """Its ReplicaSets and pods."""
        pod = pods.selected_by(obj)
        return {"pods": pod, "replicasets": Selection("apps/v1", "ReplicaSet", pod.namespace, labels=pod.labels)}

    def judge(self, obj: Object, view: View) -> Verdict:
        """Numbers first, then the deadline, then what is wrong with pods."""
        status, wanted = obj.get("status") or {}, obj["spec"].get("replicas", 1)
        if status.get("observedGeneration", 0) < obj["metadata"].get("generation", 0):
            return waiting("the controller has not seen the change yet")
        if obj["spec"].get("paused"):
            return READY
        updated, total = status.get("updatedReplicas", 0), status.get("replicas", 0)
        available = status.get("availableReplicas", 0)
        if updated >= wanted and total <= updated and available >= updated:
            return READY
        if wanted == 0:
            # Stopped: that its pods crash, or missed a deadline before, says nothing of their going.
            return waiting(f"{total} pods still to go")
        newest = _newest_pods(obj, view)
        found = [*_refused(obj), *pods.troubles(newest)]
        progressing = condition(obj, "Progressing")
        if progressing.get("reason") == "ProgressDeadlineExceeded" and not _is_about_the_past(progressing, obj, view):
            limit = obj["spec"].get("progressDeadlineSeconds", 600)
            text = f"{min(available, updated)} of {wanted} pods available after {limit} s"
            return Verdict(failed=True, message=text, troubles=found, pods=newest)
        text = f"{updated} of {wanted} pods updated, {available} available"
        if updated >= wanted and available >= wanted:
            text = f"{total - updated} old pods still to go"
        return waiting(_joined(text, found, newest), troubles=found, pods=newest)


def _joined(text: str, found: Sequence[Trouble], newest: Sequence[Object]) -> str:
    detail = str(found[0]) if found else pods.summary(newest)
    return f"{text}; {detail}" if detail else text


def _newest_pods(obj: Object, view: View) -> list[Object]:
    return [pod for rs in _newest(obj, view) for pod in pods.owned_by(rs["metadata"]["uid"], view("pods"))]


def _newest(obj: Object, view: View) -> list[Object]:
    owned = pods.owned_by(obj["metadata"]["uid"], view("replicasets"))
    revision = (obj["metadata"].get("annotations") or {}).get(_REVISION)
    return [r for r in owned if (r["metadata"].get("annotations") or {}).get(_REVISION) == revision]


def _is_about_the_past(progressing: Mapping[str, object], obj: Object, view: View) -> bool:
    """On the way back from a revision that failed, the condition goes on naming that one until there is progress."""
    names = [r["metadata"]["name"] for r in _newest(obj, view)]
    message = str(progressing.get("message", ""))
    return "ReplicaSet " in message and bool(names) and not any(f'"{name}"' in message for name in names)


def _refused(obj: Object) -> list[Trouble]:
    """Pods that could not even be made: a quota, an admission rule, a missing service account."""
    failure = condition(obj, "ReplicaFailure")
    if failure.get("status") != "True":
        return []
    text = f"no pod can be made: {failure.get('message', 'no reason given')}"
    return [Trouble(pod="", container="", cause="refused", text=text, grace=20)]
