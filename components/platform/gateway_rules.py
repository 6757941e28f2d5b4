"""What the gateway's control plane may read and write in the cluster."""

from __future__ import annotations

from components.document import Document
from components.platform.access import AccessArgs

READ = ["get", "list", "watch"]
ROUTES = ["gatewayclasses", "gateways", "grpcroutes", "httproutes", "tcproutes", "tlsroutes"]
PROJECT_KINDS = ["extensionservices", "httpproxies"]


def access_args() -> AccessArgs:
    """The gateway's account and rights."""
    return AccessArgs(
        account="gateway", component="gateway", cluster_rules=cluster_rules(), namespace_rules=namespace_rules()
    )


def cluster_rules() -> list[Document]:
    """Reads what routing needs, writes only the status of what it reads, leads by a lease."""
    return [
        _rule("", ["configmaps", "namespaces", "secrets", "services"], READ),
        _rule("discovery.k8s.io", ["endpointslices"], READ),
        _rule("gateway.networking.k8s.io", [*ROUTES, "backendtlspolicies", "referencegrants"], READ),
        _rule("gateway.networking.k8s.io", [f"{kind}/status" for kind in [*ROUTES, "backendtlspolicies"]], ["update"]),
        _rule("networking.k8s.io", ["ingresses"], READ),
        _rule("projectcontour.io", [*PROJECT_KINDS, "contourconfigurations", "tlscertificatedelegations"], READ),
        _rule("projectcontour.io", [f"{kind}/status" for kind in PROJECT_KINDS], ["create", "get", "update"]),
    ]


def namespace_rules() -> list[Document]:
    """In its own namespace: events and the lease of the leader."""
    verbs = ["create", "get", "update"]
    return [_rule("", ["events"], verbs), _rule("coordination.k8s.io", ["leases"], verbs)]


def _rule(group: str, resources: list[str], verbs: list[str]) -> Document:
    return {"apiGroups": [group], "resources": resources, "verbs": verbs}
