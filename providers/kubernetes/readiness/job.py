"""A Job is ready when it is complete."""

from __future__ import annotations

from collections.abc import Mapping

from providers.kubernetes.readiness import pods
from providers.kubernetes.readiness.feed import Object, Selection
from providers.kubernetes.readiness.verdict import READY, TEN_MINUTES, Trouble, Verdict, View, condition, holds, waiting


class JobRule:
    """Judged by its conditions; explained by its pods."""

    timeout = TEN_MINUTES

    def selections(self, obj: Object) -> Mapping[str, Selection]:
        """Its pods; the selector is the server's own."""
        return {"pods": pods.selected_by(obj)}

    def judge(self, obj: Object, view: View) -> Verdict:
        """Complete or failed; a crash is only final when the Job gives up."""
        if holds(obj, "Complete") or obj["spec"].get("suspend"):
            return READY
        own = pods.owned_by(obj["metadata"]["uid"], view("pods"))
        found = pods.troubles(own)
        failed = condition(obj, "Failed")
        if failed.get("status") == "True":
            text = f"the job failed: {failed.get('reason', '')}: {failed.get('message', '')}"
            return Verdict(failed=True, message=text, troubles=found, pods=own)
        status = obj.get("status") or {}
        text = f"{status.get('succeeded', 0)} of {obj['spec'].get('completions', 1)} pods completed"
        detail = str(found[0]) if found else pods.summary(own)
        return waiting(f"{text}; {detail}" if detail else text, troubles=[t for t in found if _is_final(t)], pods=own)


def _is_final(trouble: Trouble) -> bool:
    """The Job itself counts crashes (backoffLimit) and decides when it is enough."""
    return not trouble.crashed
