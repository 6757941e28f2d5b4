"""A pod is ready when it says so, or when it has done its work."""

from __future__ import annotations

from providers.kubernetes.readiness import pods
from providers.kubernetes.readiness.feed import Object
from providers.kubernetes.readiness.verdict import READY, Alone, Verdict, View, waiting


class PodRule(Alone):
    """Judged by itself."""

    def judge(self, obj: Object, view: View) -> Verdict:
        """Ready or Succeeded; Failed is the end."""
        del view
        if pods.is_ready(obj):
            return READY
        found = pods.troubles([obj])
        phase = obj.get("status", {}).get("phase", "Pending")
        text = str(found[0]) if found else pods.summary([obj]) or f"phase {phase}"
        if phase == "Failed":
            return Verdict(failed=True, message=text, troubles=found, pods=[obj])
        return waiting(text, troubles=found, pods=[obj])
