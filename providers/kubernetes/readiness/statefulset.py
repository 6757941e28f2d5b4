"""A StatefulSet is ready when all its pods are of the newest revision and ready."""

from __future__ import annotations

from collections.abc import Mapping

from providers.kubernetes.readiness import pods
from providers.kubernetes.readiness.feed import Object, Selection
from providers.kubernetes.readiness.verdict import READY, TEN_MINUTES, Verdict, View, waiting


class StatefulSetRule:
    """Judged by its status; explained by its pods."""

    timeout = TEN_MINUTES

    def selections(self, obj: Object) -> Mapping[str, Selection]:
        """Its pods."""
        return {"pods": pods.selected_by(obj)}

    def judge(self, obj: Object, view: View) -> Verdict:
        """All replicas ready, and as many updated as the strategy asks for."""
        spec, status = obj["spec"], obj.get("status") or {}
        if status.get("observedGeneration", 0) < obj["metadata"].get("generation", 0):
            return waiting("the controller has not seen the change yet")
        wanted, ready = spec.get("replicas", 1), status.get("readyReplicas", 0)
        if ready >= wanted and status.get("replicas", 0) == wanted and _is_updated(spec, status, wanted):
            return READY
        own = pods.owned_by(obj["metadata"]["uid"], view("pods"))
        found = pods.troubles(own)
        detail = str(found[0]) if found else pods.summary(own)
        text = f"{ready} of {wanted} pods ready, {status.get('updatedReplicas', 0)} updated"
        return waiting(f"{text}; {detail}" if detail else text, troubles=found, pods=own)


def _is_updated(spec: Mapping[str, object], status: Mapping[str, object], wanted: int) -> bool:
    strategy = spec.get("updateStrategy") or {}
    assert isinstance(strategy, Mapping)
    if strategy.get("type") == "OnDelete" or status.get("currentRevision") == status.get("updateRevision"):
        return True
    partition = (strategy.get("rollingUpdate") or {}).get("partition") or 0
    updated = status.get("updatedReplicas", 0)
    assert isinstance(updated, int)
    return bool(partition) and updated >= wanted - partition
