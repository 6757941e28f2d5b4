"""The Kubernetes documents of an app; pure functions of its spec."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from components import names
from components.app_spec import AppSpec, Route
from components.document import Document
from components.vcap import application_document

_CONTAINER = "app"
_PORT = "http"
_LEAVING_SECONDS = 5
"""How long an instance goes on serving after the gateway was told that it leaves."""
_STOP_SECONDS = 15
_PULL_SECONDS = 60
_FORCE = {"pulumi.com/patchForce": "true"}
"""A push wins over what was set by hand with other tools (`kubectl scale`), and over its own way to end a roll-out."""


def labels(spec: AppSpec) -> dict[str, str]:
    """On every object of the app."""
    return {**names.MANAGED_BY, names.APP: spec.name, names.ORG: spec.org, names.SPACE: spec.space}


def metadata(spec: AppSpec, name: str, annotations: dict[str, str] | None = None) -> Document:
    """Of one of the app's objects."""
    about: Document = {"name": name, "namespace": spec.namespace, "labels": labels(spec)}
    return {**about, "annotations": annotations} if annotations else about


def deployment_metadata(spec: AppSpec) -> Document:
    """With the spec itself, from which the app can be deployed again."""
    return metadata(spec, spec.name, {names.SPEC: spec.to_json(), **_FORCE})


def deployment_spec(spec: AppSpec, *, services_digest: str = "") -> Document:
    """New instances come up before old ones go; what bindings and people give rolls them when it changes."""
    return {
        "replicas": spec.instances,
        "selector": {"matchLabels": {names.APP: spec.name}},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        "minReadySeconds": 0,
        "revisionHistoryLimit": 3,
        "progressDeadlineSeconds": spec.start_timeout + _PULL_SECONDS,
        "template": {
            "metadata": {"labels": labels(spec), "annotations": {names.REVISION: _revision(spec, services_digest)}},
            "spec": _pod_spec(spec),
        },
    }


def _revision(spec: AppSpec, services_digest: str) -> str:
    """A digest of what the template does not show: contents of Secrets, and the wish to restart."""
    parts = (spec.env_revision, services_digest, spec.restarted)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _pod_spec(spec: AppSpec) -> Document:
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        # The first process of a process namespace is deaf to signals that it has no handler for.
        "shareProcessNamespace": True,
        "terminationGracePeriodSeconds": _LEAVING_SECONDS + _STOP_SECONDS,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": spec.user,
            "runAsGroup": spec.user,
            "fsGroup": spec.user,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "kubernetes.io/hostname",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": {names.APP: spec.name}},
            }
        ],
        "containers": [_container(spec)],
        "volumes": [
            {"name": f"binding-{i}", "secret": {"secretName": names.binding_secret(spec.name, instance)}}
            for i, instance in enumerate(spec.bindings)
        ],
    }


def _container(spec: AppSpec) -> Document:
    resources = {"memory": spec.memory, "ephemeral-storage": spec.disk}
    container: Document = {
        "name": _CONTAINER,
        "image": spec.image,
        "env": environment(spec),
        "envFrom": [{"secretRef": {"name": name, "optional": True}} for name in _secrets(spec)],
        "ports": [{"name": _PORT, "containerPort": spec.port}],
        "resources": {
            "requests": {"cpu": spec.cpu, "memory": spec.memory},
            "limits": {"cpu": spec.cpu_limit, **resources},
        },
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "lifecycle": {"preStop": {"sleep": {"seconds": _LEAVING_SECONDS}}},
        "volumeMounts": [
            {"name": f"binding-{i}", "mountPath": f"{names.SERVICE_BINDING_ROOT}/{instance}", "readOnly": True}
            for i, instance in enumerate(spec.bindings)
        ],
        **probes(spec),
    }
    return {**container, "command": list(spec.command)} if spec.command else container


def _secrets(spec: AppSpec) -> list[str]:
    """Whose content becomes environment; what bindings gave is deleted only after the last instance that reads it."""
    given = [names.services_secret(spec.name)] if spec.bindings else []
    return [*given, names.env_secret(spec.name)]


def environment(spec: AppSpec) -> list[Document]:
    """What every app is told; the instance's own facts come from Kubernetes."""
    told = {
        "PORT": str(spec.port),
        "VCAP_APP_PORT": str(spec.port),
        "VCAP_APPLICATION": json.dumps(application_document(spec), separators=(",", ":")),
        "MEMORY_LIMIT": spec.memory,
        "CF_INSTANCE_PORT": str(spec.port),
        "SERVICE_BINDING_ROOT": names.SERVICE_BINDING_ROOT,
        # Without bindings there is no Secret to say so, and client libraries parse the variable unasked.
        **({} if spec.bindings else {"VCAP_SERVICES": "{}"}),
    }
    facts = {"CF_INSTANCE_GUID": "metadata.uid", "CF_INSTANCE_IP": "status.podIP", "CF_INSTANCE_NAME": "metadata.name"}
    fixed = [{"name": name, "value": value} for name, value in told.items()]
    return [*fixed, *({"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}} for name, path in facts.items())]


def probes(spec: AppSpec) -> Document:
    """Asked every second until the app answers for the first time, so that a quick start is seen at once."""
    if spec.health.kind == "process":
        return {}
    connects = {"tcpSocket": {"port": _PORT}}
    answers = {"httpGet": {"path": spec.health.path, "port": _PORT}} if spec.health.kind == "http" else connects
    return {
        "startupProbe": {**answers, "periodSeconds": 1, "timeoutSeconds": 2, "failureThreshold": spec.start_timeout},
        "readinessProbe": {**answers, "periodSeconds": 5, "timeoutSeconds": 2, "failureThreshold": 2},
        "livenessProbe": {**answers, "periodSeconds": 10, "timeoutSeconds": 5, "failureThreshold": 3},
    }


def service_spec(spec: AppSpec) -> Document:
    """Port 80 to the app's port."""
    return {
        "type": "ClusterIP",
        "selector": {names.APP: spec.name},
        "ports": [{"name": _PORT, "port": 80, "targetPort": _PORT, "appProtocol": "http"}],
    }


def route_spec(spec: AppSpec, route: Route) -> Document:
    """From the platform's gateway to the app's Service."""
    namespace, _, gateway = spec.gateway.partition("/")
    return {
        "parentRefs": [{"name": gateway, "namespace": namespace}],
        "hostnames": [route.host],
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": route.path}}],
                "backendRefs": [{"name": spec.name, "port": 80}],
            }
        ],
    }


def services_digest(environment: Sequence[tuple[str, str]]) -> str:
    """A digest of what bindings give; it may be shown, as passwords are long and random."""
    return hashlib.sha256(json.dumps(sorted(environment)).encode()).hexdigest()
