"""The local gateway: Contour and Envoy behind the Gateway API, on a loopback port of the node."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pulumi
import pulumi_command as command
import pulumi_kubernetes as k8s

from components.document import Document
from components.names import GATEWAY, GATEWAY_CLASS, SYSTEM_NAMESPACE, component_labels
from components.platform import gateway_documents as documents
from components.platform.access import Access
from components.platform.gateway_rules import access_args

API_VERSION = "gateway.networking.k8s.io/v1"


@dataclass(frozen=True, kw_only=True)
class GatewayArgs:
    """`definitions` is a command that prints files of CRDs; they are applied with the `kubeconfig`, given as text."""

    contour_image: str
    envoy_image: str
    definitions: str
    kubeconfig: pulumi.Input[str]
    port: int = 80
    address: str = "127.0.0.1"


class Gateway(pulumi.ComponentResource):
    """The `Gateway` object that routes attach to, and the pod that serves it."""

    def __init__(self, name: str, args: GatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("microfoundry:platform:Gateway", name, {}, opts)
        definitions = _definitions(name, args, parent=self)
        ready = pulumi.ResourceOptions(parent=self, depends_on=[definitions])
        gateway_class = k8s.apiextensions.CustomResource(
            f"{name}-class",
            api_version=API_VERSION,
            kind="GatewayClass",
            metadata={"name": GATEWAY_CLASS, "labels": component_labels("gateway")},
            spec=documents.gateway_class_spec(),
            opts=ready,
        )
        gateway = k8s.apiextensions.CustomResource(
            f"{name}-listeners",
            api_version=API_VERSION,
            kind="Gateway",
            metadata=_metadata(GATEWAY),
            spec=documents.gateway_spec(),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[gateway_class]),
        )
        k8s.apiextensions.CustomResource(
            f"{name}-fallback",
            api_version=API_VERSION,
            kind="HTTPRoute",
            metadata=_metadata("fallback"),
            spec=documents.fallback_spec(),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[gateway]),
        )
        _server(name, args, parent=self, needs=[definitions, gateway])
        self.register_outputs({"port": args.port})


def _definitions(name: str, args: GatewayArgs, *, parent: pulumi.Resource) -> pulumi.Resource:
    """All CRDs in one command: they are data of the gateway's release, and far too large to be worth a diff."""
    return command.local.Command(
        f"{name}-definitions",
        create=f"mf-kube apply $({args.definitions})",
        delete=f"mf-kube delete $({args.definitions})",
        environment={"MF_KUBECONFIG_CONTENT": args.kubeconfig},
        interpreter=["/bin/bash", "-euo", "pipefail", "-c"],
        logging=command.local.Logging.STDERR,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _server(name: str, args: GatewayArgs, *, parent: pulumi.Resource, needs: list[pulumi.Resource]) -> None:
    child = pulumi.ResourceOptions(parent=parent)
    access = Access(f"{name}-access", access_args(), opts=child)
    config_text = documents.contour_config()
    config = k8s.core.v1.ConfigMap(
        f"{name}-config", metadata=_metadata("gateway"), data={"contour.yaml": config_text}, opts=child
    )
    spec = documents.deployment_spec(
        contour_image=args.contour_image, envoy_image=args.envoy_image, host_port=args.port, host_ip=args.address
    )
    digest = hashlib.sha256(config_text.encode()).hexdigest()[:16]
    spec["template"]["metadata"]["annotations"] = {"microfoundry.dev/config": digest}
    k8s.apps.v1.Deployment(
        f"{name}-server",
        metadata=_metadata("gateway"),
        spec=spec,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[access, config, *needs]),
    )


def _metadata(name: str) -> Document:
    return {"name": name, "namespace": SYSTEM_NAMESPACE, "labels": component_labels("gateway")}
