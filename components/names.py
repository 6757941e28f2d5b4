"""What our objects are called and labelled in Kubernetes; the one place that spells it (docs/architecture.md)."""

from __future__ import annotations

PREFIX = "microfoundry.dev/"
SYSTEM_NAMESPACE = "microfoundry-system"
GATEWAY_CLASS = "microfoundry"
GATEWAY = "gateway"
MANAGED_BY = {"app.kubernetes.io/managed-by": "microfoundry"}
PLATFORM_SETTINGS = "platform"
ENGINE_SECRET = "engine"  # noqa: S105 the name of the object, not what is in it
REGISTRY_NODE_PORT = 30500


def component_labels(component: str) -> dict[str, str]:
    """Labels of a part of the platform itself; `microfoundry.dev/component` also selects its pods."""
    return {**MANAGED_BY, f"{PREFIX}component": component}
