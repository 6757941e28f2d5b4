"""A space as resources, for environments that are described in one place."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1 import LimitRange, Namespace, ResourceQuota

from components import names
from components.document import Document
from components.space import limits_spec, namespace_manifest, quota_spec


@dataclass(frozen=True, kw_only=True)
class SpaceArgs:
    """Which space, and how much it may use: empty for no quota."""

    org: str
    space: str
    memory_quota: str = ""
    default_memory: str = "512Mi"
    default_cpu: str = "2"


class Space(pulumi.ComponentResource):
    """The namespace with default limits and, where asked for, a quota."""

    namespace: str

    def __init__(self, name: str, args: SpaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("microfoundry:index:Space", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        manifest = namespace_manifest(args.org, args.space)
        self.namespace = manifest["metadata"]["name"]
        made = Namespace(f"{name}-namespace", metadata=manifest["metadata"], opts=child)
        inside = pulumi.ResourceOptions(parent=self, depends_on=[made])
        about: Document = {"name": "space", "namespace": self.namespace, "labels": names.MANAGED_BY}
        limits = limits_spec(memory=args.default_memory, cpu=args.default_cpu)
        LimitRange(f"{name}-limits", metadata=about, spec=limits, opts=inside)
        if args.memory_quota:
            quota = quota_spec(memory=args.memory_quota)
            ResourceQuota(f"{name}-quota", metadata=about, spec=quota, opts=inside)
        self.register_outputs({"namespace": self.namespace})
