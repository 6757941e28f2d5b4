"""An Ingress is ready when its services have endpoints and a controller gave it an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from providers.kubernetes.readiness.feed import Object, Selection
from providers.kubernetes.readiness.service import SERVICE_LABEL, has_endpoints
from providers.kubernetes.readiness.verdict import READY, TEN_MINUTES, Verdict, View, waiting


class IngressRule:
    """Judged by its backends and its load balancer."""

    timeout = TEN_MINUTES

    def selections(self, obj: Object) -> Mapping[str, Selection]:
        """The endpoints of the namespace, and its services of an external name."""
        namespace = obj["metadata"].get("namespace")
        return {
            "slices": Selection("discovery.k8s.io/v1", "EndpointSlice", namespace),
            "services": Selection("v1", "Service", namespace),
        }

    def judge(self, obj: Object, view: View) -> Verdict:
        """Backends first: a controller often gives an address at once."""
        slices = view("slices")
        external = {s["metadata"]["name"] for s in view("services") if s["spec"].get("type") == "ExternalName"}
        for name in sorted(set(_backends(obj)) - external):
            own = [s for s in slices if (s["metadata"].get("labels") or {}).get(SERVICE_LABEL) == name]
            if not has_endpoints(own):
                return waiting(f"service {name} has no ready pods")
        balancer = (obj.get("status") or {}).get("loadBalancer") or {}
        return READY if balancer.get("ingress") else waiting("no ingress controller gave it an address yet")


def _backends(obj: Object) -> Iterator[str]:
    spec = obj.get("spec") or {}
    for rule in spec.get("rules") or []:
        for path in (rule.get("http") or {}).get("paths") or []:
            service = (path.get("backend") or {}).get("service")
            if service:
                yield service["name"]
    default = (spec.get("defaultBackend") or {}).get("service")
    if default:
        yield default["name"]
