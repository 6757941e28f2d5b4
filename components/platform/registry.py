"""The platform's image registry: in the cluster, on a volume, reached by every node at 127.0.0.1."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from components.document import Document
from components.names import REGISTRY_NODE_PORT, SYSTEM_NAMESPACE, component_labels

PORT = 5000


@dataclass(frozen=True, kw_only=True)
class RegistryArgs:
    """`size` is a Kubernetes quantity; `storage_class` orders this after whoever makes the class."""

    image: str
    size: str = "20Gi"
    storage_class: pulumi.Input[str] = "local-path"
    node_port: int = REGISTRY_NODE_PORT


class Registry(pulumi.ComponentResource):
    """A registry; `address` is the host part of image references."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("microfoundry:platform:Registry", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        config = k8s.core.v1.ConfigMap(
            f"{name}-config", metadata=_metadata("registry"), data={"config.yml": config_document()}, opts=child
        )
        claim = k8s.core.v1.PersistentVolumeClaim(
            f"{name}-volume",
            metadata=_metadata("registry"),
            spec=claim_spec(args),
            opts=child,
        )
        deployment = k8s.apps.v1.Deployment(
            f"{name}-server",
            metadata=_metadata("registry"),
            spec=deployment_spec(args.image),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[config, claim]),
        )
        k8s.core.v1.Service(
            f"{name}-service",
            metadata=_metadata("registry"),
            spec=service_spec(args.node_port),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[deployment]),
        )
        self.address = deployment.id.apply(lambda _: f"127.0.0.1:{args.node_port}")
        self.register_outputs({"address": self.address})


def claim_spec(args: RegistryArgs) -> Document:
    """One volume for all images."""
    return {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": args.storage_class,
        "resources": {"requests": {"storage": args.size}},
    }


def config_document() -> str:
    """The registry's configuration (JSON is YAML): files on a volume, deletions allowed, uploads purged."""
    return json.dumps(
        {
            "version": 0.1,
            "log": {"level": "warn"},
            "storage": {
                "filesystem": {"rootdirectory": "/var/lib/registry"},
                "delete": {"enabled": True},
                "maintenance": {"uploadpurging": {"enabled": True, "age": "24h", "interval": "6h", "dryrun": False}},
            },
            "http": {"addr": f":{PORT}"},
        },
        indent=1,
    )


def deployment_spec(image: str) -> Document:
    """One registry; its volume can be mounted once, so the old pod ends before the new one starts."""
    labels = component_labels("registry")
    container = {
        "name": "registry",
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": ["registry", "serve", "/etc/distribution/config.yml"],
        "env": [{"name": "OTEL_TRACES_EXPORTER", "value": "none"}],
        "ports": [{"name": "http", "containerPort": PORT}],
        "readinessProbe": {"httpGet": {"path": "/v2/", "port": PORT}, "periodSeconds": 1, "failureThreshold": 30},
        "resources": {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "512Mi"}},
        "volumeMounts": [
            {"name": "config", "mountPath": "/etc/distribution"},
            {"name": "data", "mountPath": "/var/lib/registry"},
        ],
    }
    return {
        "replicas": 1,
        "strategy": {"type": "Recreate"},
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": labels},
            "spec": {
                "automountServiceAccountToken": False,
                "containers": [container],
                "volumes": [
                    {"name": "config", "configMap": {"name": "registry"}},
                    {"name": "data", "persistentVolumeClaim": {"claimName": "registry"}},
                ],
            },
        },
    }


def service_spec(node_port: int) -> Document:
    """A NodePort, because containerd speaks plain http to registries on the loopback address only."""
    return {
        "type": "NodePort",
        "selector": component_labels("registry"),
        "ports": [{"name": "http", "port": PORT, "targetPort": PORT, "nodePort": node_port}],
    }


def _metadata(name: str) -> Document:
    return {"name": name, "namespace": SYSTEM_NAMESPACE, "labels": component_labels("registry")}
