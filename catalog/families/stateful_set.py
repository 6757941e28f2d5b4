"""Instances in the cluster: a StatefulSet with its own storage, a Service to reach it, a password of its own."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from catalog.model import Image, Outputs, Request

Document: TypeAlias = Any
"""A Kubernetes document in the API's own spelling."""

ADMIN_PATH = "/run/secrets/admin"
_SKIP_AWAIT = {"pulumi.com/skipAwait": "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What one product needs: `ready` and `stop` are shell lines, `scratch` are paths it writes besides its data."""

    container: str
    image: Image
    port: int
    user: int
    data: str
    start: Callable[[Request], Sequence[str]]
    ready: str
    stop: str
    environment: Mapping[str, str]
    scratch: tuple[str, ...] = ()
    stop_seconds: int = 60


def host(instance: str, namespace: str) -> str:
    """Where an instance is reached from any namespace."""
    return f"{instance}.{namespace}.svc"


def provision(recipe: Recipe) -> Callable[[Request], Outputs]:
    """A form's provisioner: password, Services, StatefulSet."""

    def build(request: Request) -> Outputs:
        import pulumi_kubernetes as k8s
        import pulumi_random as random

        name, opts = request.name, request.opts
        password = random.RandomPassword(f"{name}-admin", length=32, special=False, opts=opts)
        admin: Document = {"password": password.result.apply(lambda text: base64.b64encode(text.encode()).decode())}
        k8s.core.v1.Secret(f"{name}-admin", metadata=metadata(request, "-admin"), data=admin, opts=opts)
        for suffix in ("", "-nodes"):
            spec = service_spec(request, recipe, headless=bool(suffix))
            k8s.core.v1.Service(f"{name}-service{suffix}", metadata=_service(request, suffix), spec=spec, opts=opts)
        about: Document = {**metadata(request), "annotations": dict(request.annotations)}
        spec = stateful_set_spec(request, recipe)
        k8s.apps.v1.StatefulSet(f"{name}-nodes", metadata=about, spec=spec, opts=opts)
        return {"host": host(name, request.namespace), "port": recipe.port}

    return build


def metadata(request: Request, suffix: str = "") -> Document:
    """Name and labels of one of the instance's objects."""
    return {"name": f"{request.name}{suffix}", "namespace": request.namespace, "labels": dict(request.labels)}


def _service(request: Request, suffix: str) -> Document:
    # Whoever waits for a database waits for its StatefulSet; a Service alone has nothing to wait for.
    return {**metadata(request, suffix), "annotations": _SKIP_AWAIT}


def service_spec(request: Request, recipe: Recipe, *, headless: bool) -> Document:
    """One address for clients, or one per pod for the StatefulSet."""
    ports = [{"name": recipe.container, "port": recipe.port, "targetPort": recipe.container}]
    if headless:
        return {"clusterIP": "None", "publishNotReadyAddresses": True, "selector": _selector(request), "ports": ports}
    return {"type": "ClusterIP", "selector": _selector(request), "ports": ports}


def stateful_set_spec(request: Request, recipe: Recipe) -> Document:
    """Pods of the plan's size, each with a claim of the plan's storage in the default storage class."""
    claim = {
        "metadata": {"name": "data", "labels": dict(request.labels)},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": request.plan.storage}},
        },
    }
    return {
        "replicas": request.plan.replicas,
        "serviceName": f"{request.name}-nodes",
        "selector": {"matchLabels": _selector(request)},
        "podManagementPolicy": "OrderedReady",
        "updateStrategy": {"type": "RollingUpdate"},
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
        "template": {"metadata": {"labels": dict(request.labels)}, "spec": pod_spec(request, recipe)},
        "volumeClaimTemplates": [claim],
    }


def pod_spec(request: Request, recipe: Recipe) -> Document:
    """An unprivileged pod that writes to its volumes only."""
    scratch = [{"name": f"scratch-{i}", "emptyDir": {}} for i in range(len(recipe.scratch))]
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": recipe.stop_seconds,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": recipe.user,
            "runAsGroup": recipe.user,
            "fsGroup": recipe.user,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(request, recipe)],
        "volumes": [
            {"name": "admin", "secret": {"secretName": f"{request.name}-admin", "defaultMode": 0o440}},
            {"name": "memory", "emptyDir": {"medium": "Memory", "sizeLimit": "128Mi"}},
            *scratch,
        ],
    }


def _container(request: Request, recipe: Recipe) -> Document:
    plan = request.plan
    ready = {"exec": _shell(recipe.ready), "timeoutSeconds": 5}
    scratch = [{"name": f"scratch-{i}", "mountPath": path} for i, path in enumerate(recipe.scratch)]
    return {
        "name": recipe.container,
        "image": request.images.resolve(recipe.image),
        "command": list(recipe.start(request)),
        "env": [{"name": name, "value": value} for name, value in recipe.environment.items()],
        "ports": [{"name": recipe.container, "containerPort": recipe.port}],
        "resources": {
            "requests": {"cpu": plan.cpu, "memory": plan.memory},
            "limits": {"cpu": plan.cpu_limit, "memory": plan.memory},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "startupProbe": {**ready, "periodSeconds": 1, "failureThreshold": 300},
        "readinessProbe": {**ready, "periodSeconds": 5},
        "livenessProbe": {"tcpSocket": {"port": recipe.container}, "periodSeconds": 10, "failureThreshold": 6},
        "lifecycle": {"preStop": {"exec": _shell(recipe.stop)}},
        "volumeMounts": [
            {"name": "data", "mountPath": recipe.data},
            {"name": "admin", "mountPath": ADMIN_PATH, "readOnly": True},
            {"name": "memory", "mountPath": "/dev/shm"},
            *scratch,
        ],
    }


def _shell(line: str) -> Document:
    return {"command": ["/bin/sh", "-c", line]}


def _selector(request: Request) -> dict[str, str]:
    return {key: value for key, value in request.labels.items() if key.endswith("/instance")}
