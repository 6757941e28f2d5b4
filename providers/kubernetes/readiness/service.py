"""A Service is ready when something answers behind it, and its address is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from providers.kubernetes.readiness.feed import Object, Selection
from providers.kubernetes.readiness.verdict import READY, TEN_MINUTES, Verdict, View, waiting

SERVICE_LABEL = "kubernetes.io/service-name"


class ServiceRule:
    """Judged by its endpoints and load balancer."""

    timeout = TEN_MINUTES

    def selections(self, obj: Object) -> Mapping[str, Selection]:
        """Its endpoints, where it is to have some."""
        if not _selects(obj):
            return {}
        meta = obj["metadata"]
        labels = f"{SERVICE_LABEL}={meta['name']}"
        return {"slices": Selection("discovery.k8s.io/v1", "EndpointSlice", meta.get("namespace"), labels=labels)}

    def judge(self, obj: Object, view: View) -> Verdict:
        """Headless services, external names, and those without a selector need no endpoints."""
        if _selects(obj) and not has_endpoints(view("slices")):
            return waiting("no ready pod matches its selector")
        balancer = (obj.get("status") or {}).get("loadBalancer") or {}
        if obj["spec"].get("type") == "LoadBalancer" and not balancer.get("ingress"):
            return waiting("the load balancer has no address yet")
        return READY


def has_endpoints(slices: Iterable[Object]) -> bool:
    """Whether any endpoint serves."""
    endpoints = [e for s in slices for e in s.get("endpoints") or []]
    return any((e.get("conditions") or {}).get("ready", True) is not False for e in endpoints)


def _selects(obj: Object) -> bool:
    spec = obj["spec"]
    return bool(spec.get("selector")) and spec.get("type") != "ExternalName" and spec.get("clusterIP") != "None"
