"""The gateway's documents: control plane and proxy side by side in one pod, so that xDS never leaves it."""

from __future__ import annotations

import json

from components.document import Document
from components.names import GATEWAY, GATEWAY_CLASS, SYSTEM_NAMESPACE, component_labels

HTTP_PORT = 8080
HEALTH_PORT = 8002
XDS_PORT = 8001
LOG_FIELDS = [
    "@timestamp",
    "authority",
    "method",
    "path",
    "response_code",
    "response_flags",
    "duration",
    "bytes_sent",
    "bytes_received",
    "upstream_cluster",
    "upstream_host",
]


def contour_config() -> str:
    """Contour's settings (JSON is YAML): serve this one Gateway, log each request as JSON without its query."""
    return json.dumps(
        {
            "gateway": {"gatewayRef": {"namespace": SYSTEM_NAMESPACE, "name": GATEWAY}},
            "accesslog-format": "json",
            "json-fields": LOG_FIELDS,
        },
        indent=1,
    )


def gateway_class_spec() -> Document:
    """The class that Contour answers for."""
    return {"controllerName": "projectcontour.io/gateway-controller"}


def gateway_spec() -> Document:
    """One HTTP listener that routes of every namespace may attach to."""
    listener = {
        "name": "http",
        "protocol": "HTTP",
        "port": 80,
        "allowedRoutes": {"namespaces": {"from": "All"}},
    }
    return {"gatewayClassName": GATEWAY_CLASS, "listeners": [listener]}


def fallback_spec() -> Document:
    """A route that nobody asks for: with it the gateway listens, and answers 404, also while there is no app."""
    redirect = {"type": "RequestRedirect", "requestRedirect": {"hostname": "gateway.invalid", "statusCode": 302}}
    return {
        "parentRefs": [{"name": GATEWAY, "namespace": SYSTEM_NAMESPACE}],
        "hostnames": ["gateway.invalid"],
        "rules": [{"filters": [redirect]}],
    }


def deployment_spec(*, contour_image: str, envoy_image: str, host_port: int, host_ip: str) -> Document:
    """One pod; the old one ends before the new one starts, as both want the same port of the node."""
    labels = component_labels("gateway")
    return {
        "replicas": 1,
        "strategy": {"type": "Recreate"},
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": labels},
            "spec": {
                "serviceAccountName": "gateway",
                "terminationGracePeriodSeconds": 10,
                "initContainers": [_bootstrap(contour_image)],
                "containers": [_contour(contour_image), _envoy(envoy_image, host_port, host_ip)],
                "securityContext": {"runAsNonRoot": True, "runAsUser": 65534, "runAsGroup": 65534},
                "volumes": [
                    {"name": "contour-config", "configMap": {"name": "gateway"}},
                    {"name": "envoy-config", "emptyDir": {}},
                    {"name": "envoy-admin", "emptyDir": {}},
                ],
            },
        },
    }


def _bootstrap(image: str) -> Document:
    command = ["contour", "bootstrap", "/config/envoy.json", "--xds-address=127.0.0.1", f"--xds-port={XDS_PORT}"]
    return {
        "name": "bootstrap",
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": [*command, "--xds-resource-version=v3", "--resources-dir=/config/resources"],
        "env": _namespace_env(),
        "volumeMounts": [
            {"name": "envoy-config", "mountPath": "/config"},
            {"name": "envoy-admin", "mountPath": "/admin"},
        ],
    }


def _contour(image: str) -> Document:
    command = ["contour", "serve", "--incluster", "--insecure", "--xds-address=127.0.0.1", f"--xds-port={XDS_PORT}"]
    return {
        "name": "contour",
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": [*command, "--config-path=/config/contour.yaml"],
        "env": [
            *_namespace_env(),
            {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        ],
        "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8000}, "initialDelaySeconds": 10},
        "resources": {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "512Mi"}},
        "volumeMounts": [{"name": "contour-config", "mountPath": "/config", "readOnly": True}],
    }


def _envoy(image: str, host_port: int, host_ip: str) -> Document:
    arguments = ["-c", "/config/envoy.json", f"--service-cluster {SYSTEM_NAMESPACE}", "--service-node $(POD_NAME)"]
    return {
        "name": "envoy",
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": ["envoy"],
        # The request log is what `mf app` reads: it may be a second old, not ten.
        "args": [*arguments, "--log-level warning", "--concurrency 2", "--file-flush-interval-msec 1000"],
        "env": [{"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
        "ports": [
            {"name": "http", "containerPort": HTTP_PORT, "hostPort": host_port, "hostIP": host_ip},
            {"name": "metrics", "containerPort": HEALTH_PORT},
        ],
        "readinessProbe": {
            "httpGet": {"path": "/ready", "port": HEALTH_PORT},
            "periodSeconds": 1,
            "failureThreshold": 60,
        },
        "resources": {"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"memory": "512Mi"}},
        "volumeMounts": [
            {"name": "envoy-config", "mountPath": "/config", "readOnly": True},
            {"name": "envoy-admin", "mountPath": "/admin"},
        ],
    }


def _namespace_env() -> list[Document]:
    return [{"name": "CONTOUR_NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}}]
