"""The words of the bare-metal room: what a cluster is to be, and a step on the way to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterConfig:
    """A single-node cluster; the node address is on an interface of its own, so no change of network breaks it."""

    node_name: str = "local"
    node_address: str = "10.217.255.1"
    pod_cidr: str = "10.244.0.0/16"
    service_cidr: str = "10.96.0.0/16"
    kubernetes_version: str = "v1.36.3"
    pause_image: str = "registry.k8s.io/pause:3.10.2"
    platform_parts: tuple[str, ...] = ()
    """Parts of the bundle whose images the platform needs on the node, beyond the cluster's own."""
    platform_programs: tuple[str, ...] = ()
    """Programs that the platform runs on the machine itself, each in a Debian package of the same name."""
    kubeconfig: str = "~/.config/microfoundry/kubeconfig"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing done to a machine: two bash scripts that may each be run again at any time."""

    name: str
    summary: str
    create: str
    delete: str
    needs: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    """What a change of runs `create` again; visible in plans and state, so never a secret."""
