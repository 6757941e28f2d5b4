"""Everything that turns a cluster into a platform, in the order in which it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from components.names import MANAGED_BY, SYSTEM_NAMESPACE
from components.platform.gateway import Gateway, GatewayArgs
from components.platform.registry import Registry, RegistryArgs
from components.platform.settings import Settings, SettingsArgs
from components.platform.storage import LocalStorage, LocalStorageArgs


@dataclass(frozen=True, kw_only=True)
class PlatformArgs:
    """`images` as platform_images() gives them. An empty storage class: make one."""

    kubeconfig: pulumi.Input[str]
    images: Mapping[str, str]
    definitions: str
    domain: str
    port: int
    storage_class: str = ""
    registry_size: str = "20Gi"
    image_source: str = "bundle"


class Platform(pulumi.ComponentResource):
    """Namespace, storage, registry, gateway and settings; `registry` is the address of images."""

    def __init__(self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("microfoundry:platform:Platform", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.namespace = k8s.core.v1.Namespace(
            f"{name}-namespace", metadata={"name": SYSTEM_NAMESPACE, "labels": MANAGED_BY}, opts=child
        )
        inside = pulumi.ResourceOptions(parent=self, depends_on=[self.namespace])
        self.registry = Registry(f"{name}-registry", _registry_args(name, args, inside), opts=inside)
        gateway = Gateway(f"{name}-gateway", _gateway_args(args), opts=inside)
        settings = SettingsArgs(
            domain=args.domain, port=args.port, registry=self.registry.address, images=args.image_source
        )
        Settings(
            f"{name}-settings",
            settings,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.namespace, gateway]),
        )
        self.register_outputs({"registry": self.registry.address})


def _registry_args(name: str, args: PlatformArgs, opts: pulumi.ResourceOptions) -> RegistryArgs:
    if args.storage_class:
        storage_class: pulumi.Input[str] = args.storage_class
    else:
        storage = LocalStorageArgs(image=args.images["local-path-provisioner"], helper_image=args.images["busybox"])
        storage_class = LocalStorage(f"{name}-storage", storage, opts=opts).storage_class
    return RegistryArgs(image=args.images["registry"], size=args.registry_size, storage_class=storage_class)


def _gateway_args(args: PlatformArgs) -> GatewayArgs:
    return GatewayArgs(
        contour_image=args.images["contour"],
        envoy_image=args.images["envoy"],
        definitions=args.definitions,
        kubeconfig=args.kubeconfig,
        port=args.port,
    )
