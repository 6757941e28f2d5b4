"""A service account of a part of the platform, with exactly the rights that it needs."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from components.document import Document
from components.names import SYSTEM_NAMESPACE, component_labels

GROUP = "rbac.authorization.k8s.io"


@dataclass(frozen=True, kw_only=True)
class AccessArgs:
    """`account` names the service account and, with a prefix, its roles; rules as in RBAC documents."""

    account: str
    component: str
    cluster_rules: Document
    namespace_rules: Document


class Access(pulumi.ComponentResource):
    """The account, a cluster role, a role in the system namespace, and their bindings."""

    def __init__(self, name: str, args: AccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("microfoundry:platform:Access", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        wide, narrow = _metadata(args, cluster=True), _metadata(args, cluster=False)
        rbac = k8s.rbac.v1
        k8s.core.v1.ServiceAccount(f"{name}-account", metadata=narrow, opts=child)
        rbac.ClusterRole(f"{name}-cluster-role", metadata=wide, rules=args.cluster_rules, opts=child)
        rbac.ClusterRoleBinding(
            f"{name}-cluster-role-binding",
            metadata=wide,
            role_ref=_role_ref("ClusterRole", wide),
            subjects=_subjects(args),
            opts=child,
        )
        rbac.Role(f"{name}-role", metadata=narrow, rules=args.namespace_rules, opts=child)
        rbac.RoleBinding(
            f"{name}-role-binding",
            metadata=narrow,
            role_ref=_role_ref("Role", narrow),
            subjects=_subjects(args),
            opts=child,
        )
        self.register_outputs({})


def _metadata(args: AccessArgs, *, cluster: bool) -> Document:
    labels = component_labels(args.component)
    if cluster:
        return {"name": f"microfoundry-{args.account}", "labels": labels}
    return {"name": args.account, "namespace": SYSTEM_NAMESPACE, "labels": labels}


def _role_ref(kind: str, metadata: Document) -> Document:
    return {"apiGroup": GROUP, "kind": kind, "name": metadata["name"]}


def _subjects(args: AccessArgs) -> Document:
    return [{"kind": "ServiceAccount", "name": args.account, "namespace": SYSTEM_NAMESPACE}]
