"""What `mf` must know about a platform, kept in the platform's own cluster."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s
import pulumi_random as random

from components.names import ENGINE_SECRET, GATEWAY, MANAGED_BY, PLATFORM_SETTINGS, SYSTEM_NAMESPACE


@dataclass(frozen=True, kw_only=True)
class SettingsArgs:
    """The public address of apps, the registry of their images, and whence base images come: bundle or official."""

    domain: str
    port: int
    registry: pulumi.Input[str]
    scheme: str = "http"
    images: str = "bundle"
    builder_image: str = ""


class Settings(pulumi.ComponentResource):
    """ConfigMap `platform`, and the passphrase that guards secrets in the state of apps and services."""

    def __init__(self, name: str, args: SettingsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("microfoundry:platform:Settings", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        passphrase = random.RandomPassword(f"{name}-passphrase", length=40, special=False, opts=child)
        k8s.core.v1.Secret(
            f"{name}-engine",
            metadata={"name": ENGINE_SECRET, "namespace": SYSTEM_NAMESPACE, "labels": MANAGED_BY},
            string_data={"passphrase": passphrase.result},
            opts=child,
        )
        k8s.core.v1.ConfigMap(
            f"{name}-platform",
            metadata={"name": PLATFORM_SETTINGS, "namespace": SYSTEM_NAMESPACE, "labels": MANAGED_BY},
            data={
                "domain": args.domain,
                "scheme": args.scheme,
                "port": str(args.port),
                "registry": args.registry,
                "gatewayNamespace": SYSTEM_NAMESPACE,
                "gatewayName": GATEWAY,
                "images": args.images,
                "builderImage": args.builder_image,
            },
            opts=child,
        )
        self.register_outputs({})
