"""The documents of a space: the namespace that apps and services of one group of people live in."""

from __future__ import annotations

from components import names
from components.document import Document
from components.label import check_label


def namespace_manifest(org: str, space: str) -> Document:
    """The Namespace; pods that ask for privileges are refused in it."""
    check_label("org", org)
    check_label("space", space)
    labels = {
        **names.MANAGED_BY,
        names.ORG: org,
        names.SPACE: space,
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/warn": "restricted",
    }
    name = names.space_namespace(org, space)
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def quota_spec(*, memory: str, cpu: str = "", pods: int = 0) -> Document:
    """How much all apps and services of a space may use together; empty or 0 for no limit."""
    hard = {"limits.memory": memory, "limits.cpu": cpu, "pods": str(pods or "")}
    return {"hard": {key: value for key, value in hard.items() if value}}


def limits_spec(*, memory: str, cpu: str) -> Document:
    """What a container gets that asks for nothing."""
    limit = {"memory": memory, "cpu": cpu}
    return {"limits": [{"type": "Container", "default": limit, "defaultRequest": {"memory": memory, "cpu": "50m"}}]}
