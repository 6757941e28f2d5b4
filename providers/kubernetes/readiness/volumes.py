"""Volumes and claims are ready when they found each other."""

from __future__ import annotations

from collections.abc import Mapping

from providers.kubernetes.readiness.feed import Object, Selection
from providers.kubernetes.readiness.verdict import READY, Alone, Verdict, View, waiting

_FIVE_MINUTES = 300.0


class ClaimRule:
    """Bound; or pending, where binding waits for the first pod that uses it."""

    timeout = _FIVE_MINUTES

    def selections(self, obj: Object) -> Mapping[str, Selection]:
        """The storage classes, which say when binding happens."""
        del obj
        return {"classes": Selection("storage.k8s.io/v1", "StorageClass", None)}

    def judge(self, obj: Object, view: View) -> Verdict:
        """Lost is the end."""
        phase = (obj.get("status") or {}).get("phase", "Pending")
        if phase == "Bound":
            return READY
        if phase == "Lost":
            return Verdict(failed=True, message="its volume is lost")
        name = obj["spec"].get("storageClassName")
        late = {c["metadata"]["name"] for c in view("classes") if c.get("volumeBindingMode") == "WaitForFirstConsumer"}
        return READY if name in late else waiting(f"not bound to a volume yet (storage class {name or 'none'})")


class VolumeRule(Alone):
    """Available or Bound."""

    timeout = _FIVE_MINUTES

    def judge(self, obj: Object, view: View) -> Verdict:
        """Failed is the end."""
        del view
        status = obj.get("status") or {}
        if status.get("phase") in ("Available", "Bound"):
            return READY
        if status.get("phase") == "Failed":
            return Verdict(failed=True, message=f"the volume failed: {status.get('message', 'no reason given')}")
        return waiting(f"phase {status.get('phase', 'unknown')}")
