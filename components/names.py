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


ORG = f"{PREFIX}org"
SPACE = f"{PREFIX}space"
APP = f"{PREFIX}app"
SPEC = f"{PREFIX}spec"
ROUTE = f"{PREFIX}route"
INSTANCE = f"{PREFIX}instance"
SERVICE = f"{PREFIX}service"
PLAN = f"{PREFIX}plan"
BINDING = f"{PREFIX}binding"
"""Annotation of a binding's Secret: what VCAP_SERVICES says about it besides the credentials, as JSON."""
REVISION = f"{PREFIX}revision"
"""Annotation of an app's pods: digest of all that must roll them when it changes."""
SERVICE_BINDING_ROOT = "/bindings"


def space_namespace(org: str, space: str) -> str:
    """The namespace that a space is."""
    return f"mf-{org}-{space}"


def env_secret(app: str) -> str:
    """The Secret with the environment that people give an app."""
    return f"{app}-env"


def services_secret(app: str) -> str:
    """The Secret with the environment that an app's bindings give."""
    return f"{app}-services"


def binding_secret(app: str, instance: str) -> str:
    """The Secret with the credentials of one app for one instance."""
    return f"{app}-{instance}-binding"
