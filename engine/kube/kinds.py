"""Which URL a kind lives at: built-in kinds by table, all others by asking the server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.kube.errors import NoKind, NotFound


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind as the server serves it."""

    api_version: str
    kind: str
    plural: str
    namespaced: bool

    def path(self, namespace: str | None = None, name: str = "") -> str:
        """The URL path of an object, or of the collection; no namespace means all of them."""
        root = f"/apis/{self.api_version}" if "/" in self.api_version else f"/api/{self.api_version}"
        scope = f"/namespaces/{namespace}" if self.namespaced and namespace else ""
        return f"{root}{scope}/{self.plural}" + (f"/{name}" if name else "")


# Per API version: kinds inside a namespace; kinds of the cluster. A plural is the lower-case kind + "s" unless given.
_BUILT_IN: dict[str, tuple[str, str]] = {
    "v1": (
        "ConfigMap Endpoints=endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate ReplicationController"
        " ResourceQuota Secret Service ServiceAccount",
        "Namespace Node PersistentVolume",
    ),
    "apps/v1": ("ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet", ""),
    "batch/v1": ("CronJob Job", ""),
    "autoscaling/v2": ("HorizontalPodAutoscaler", ""),
    "networking.k8s.io/v1": ("Ingress=ingresses NetworkPolicy=networkpolicies", "IngressClass=ingressclasses"),
    "rbac.authorization.k8s.io/v1": ("Role RoleBinding", "ClusterRole ClusterRoleBinding"),
    "policy/v1": ("PodDisruptionBudget", ""),
    "coordination.k8s.io/v1": ("Lease", ""),
    "discovery.k8s.io/v1": ("EndpointSlice", ""),
    "events.k8s.io/v1": ("Event", ""),
    "storage.k8s.io/v1": ("CSIStorageCapacity=csistoragecapacities", "StorageClass=storageclasses"),
    "scheduling.k8s.io/v1": ("", "PriorityClass=priorityclasses"),
    "node.k8s.io/v1": ("", "RuntimeClass=runtimeclasses"),
    "apiextensions.k8s.io/v1": ("", "CustomResourceDefinition"),
    "apiregistration.k8s.io/v1": ("", "APIService"),
    "admissionregistration.k8s.io/v1": (
        "",
        "MutatingWebhookConfiguration ValidatingWebhookConfiguration"
        " ValidatingAdmissionPolicy=validatingadmissionpolicies ValidatingAdmissionPolicyBinding",
    ),
    "gateway.networking.k8s.io/v1": ("Gateway=gateways GRPCRoute HTTPRoute", "GatewayClass=gatewayclasses"),
}


def _table() -> dict[tuple[str, str], Kind]:
    table = {}
    for api_version, scopes in _BUILT_IN.items():
        for names, namespaced in zip(scopes, (True, False), strict=True):
            for entry in names.split():
                kind, _, plural = entry.partition("=")
                table[api_version, kind] = Kind(api_version, kind, plural or f"{kind.lower()}s", namespaced)
    return table


class Kinds:
    """Kinds by (apiVersion, kind); what the table lacks is asked of the server and remembered."""

    def __init__(self, fetch: Callable[[str], dict[str, Any]]) -> None:
        self._fetch = fetch
        self._known = _table()
        self._lock = threading.Lock()

    def get(self, api_version: str, kind: str) -> Kind:
        """Where the kind lives; raises NoKind when the server does not serve it (each call asks anew)."""
        with self._lock:
            known = self._known.get((api_version, kind))
        if known:
            return known
        found = self._discover(api_version)
        with self._lock:
            self._known.update(found)
        if (api_version, kind) not in found:
            raise NoKind(404, "NoKind", f"the cluster serves no kind {kind} of {api_version}")
        return found[api_version, kind]

    def _discover(self, api_version: str) -> dict[tuple[str, str], Kind]:
        path = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
        try:
            listing = self._fetch(path)
        except NotFound:
            return {}
        return {
            (api_version, item["kind"]): Kind(api_version, item["kind"], item["name"], bool(item.get("namespaced")))
            for item in listing.get("resources") or []
            if "/" not in item["name"]
        }
