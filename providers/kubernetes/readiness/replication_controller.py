"""A ReplicationController or bare ReplicaSet is ready when all its pods are."""

from __future__ import annotations

from collections.abc import Mapping

from providers.kubernetes.readiness import pods
from providers.kubernetes.readiness.feed import Object, Selection
from providers.kubernetes.readiness.verdict import READY, TEN_MINUTES, Verdict, View, waiting


class ReplicationControllerRule:
    """Judged by its status; explained by its pods."""

    timeout = TEN_MINUTES

    def selections(self, obj: Object) -> Mapping[str, Selection]:
        """Its pods; an old-style selector is a plain map of labels."""
        selector = obj["spec"].get("selector") or {}
        structured = selector if obj["kind"] == "ReplicaSet" else {"matchLabels": selector}
        labels = pods.selector_text(structured)
        return {"pods": Selection("v1", "Pod", obj["metadata"].get("namespace"), labels=labels)}

    def judge(self, obj: Object, view: View) -> Verdict:
        """All replicas available."""
        status, wanted = obj.get("status") or {}, obj["spec"].get("replicas", 1)
        if status.get("observedGeneration", 0) < obj["metadata"].get("generation", 0):
            return waiting("the controller has not seen the change yet")
        available = status.get("availableReplicas", 0)
        if available >= wanted and status.get("replicas", 0) == wanted:
            return READY
        own = pods.owned_by(obj["metadata"]["uid"], view("pods"))
        found = pods.troubles(own)
        detail = str(found[0]) if found else pods.summary(own)
        text = f"{available} of {wanted} pods available"
        return waiting(f"{text}; {detail}" if detail else text, troubles=found, pods=own)
