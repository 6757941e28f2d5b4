"""A DaemonSet is ready when every node that should run it runs the newest revision."""

from __future__ import annotations

from collections.abc import Mapping

from providers.kubernetes.readiness import pods
from providers.kubernetes.readiness.feed import Object, Selection
from providers.kubernetes.readiness.verdict import READY, TEN_MINUTES, Verdict, View, waiting


class DaemonSetRule:
    """Judged by its status; explained by its pods."""

    timeout = TEN_MINUTES

    def selections(self, obj: Object) -> Mapping[str, Selection]:
        """Its pods."""
        return {"pods": pods.selected_by(obj)}

    def judge(self, obj: Object, view: View) -> Verdict:
        """As `kubectl rollout status` counts."""
        status = obj.get("status") or {}
        if status.get("observedGeneration", 0) < obj["metadata"].get("generation", 0):
            return waiting("the controller has not seen the change yet")
        wanted, available = status.get("desiredNumberScheduled", 0), status.get("numberAvailable", 0)
        updated = status.get("updatedNumberScheduled", 0)
        by_hand = (obj["spec"].get("updateStrategy") or {}).get("type") == "OnDelete"
        if available >= wanted and (by_hand or updated >= wanted):
            return READY
        own = pods.owned_by(obj["metadata"]["uid"], view("pods"))
        found = pods.troubles(own)
        detail = str(found[0]) if found else pods.summary(own)
        text = f"{updated} of {wanted} pods updated, {available} available"
        return waiting(f"{text}; {detail}" if detail else text, troubles=found, pods=own)
