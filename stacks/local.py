"""A platform on this machine's own cluster, made by kubeadm, or on a cluster that a kubeconfig names."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Literal

import pulumi
import pulumi_kubernetes as k8s
from pydantic import Field

from baremetal.facts import reader
from baremetal.facts.reader import Facts
from baremetal.model import ClusterConfig
from baremetal.transport import LocalTransport
from components.cluster.existing import ExistingCluster, ExistingClusterArgs
from components.cluster.kubeadm import KubeadmCluster, KubeadmClusterArgs
from components.platform.base_images import BaseImages, BaseImagesArgs
from components.platform.images import PARTS, platform_images
from components.platform.platform import Platform, PlatformArgs
from components.space_resources import Space, SpaceArgs
from stacks.errors import BadSettings
from stacks.settings import Settings, read

FALLBACK_PORTS = (8080, 8081, 8888, 18080)
PROGRAMS = ("buildah",)
"""What `mf push` needs on this machine to build images from source."""
DEFINITIONS = "python -m baremetal.bundle files gateway-definitions"


class LocalSettings(Settings):
    """`kubeconfig` names a cluster to install onto; without it one is made on this machine."""

    kubeconfig: str = ""
    images: Literal["", "bundle", "official"] = ""
    storage_class: str = ""
    domain: str = "apps.localhost"
    http_port: int = Field(80, ge=1, le=65535)
    registry_size: str = "20Gi"
    base_images: tuple[str, ...] = ("python", "postgresql")
    org: str = "default"
    space: str = "dev"


def run(config: pulumi.Config) -> None:
    """The program: a cluster, a platform on it, base images, and a first space."""
    settings = read(LocalSettings, config)
    facts = reader.read(LocalTransport())
    port = free_port(settings.http_port, facts.network.listening)
    cluster = _cluster(settings, facts)
    provider = k8s.Provider(
        "cluster",
        kubeconfig=cluster.kubeconfig,
        enable_config_map_mutable=True,
        enable_secret_mutable=True,
    )
    opts = pulumi.ResourceOptions(providers={"kubernetes": provider})
    platform = Platform("platform", _platform_args(settings, cluster, port), opts=opts)
    if not settings.kubeconfig:
        BaseImages("base-images", BaseImagesArgs(parts=settings.base_images, registry=platform.registry.address))
    Space("space", SpaceArgs(org=settings.org, space=settings.space), opts=opts)
    pulumi.export("apps", f"http://<app>.{settings.space}.{settings.domain}" + (f":{port}" if port != 80 else ""))
    pulumi.export("registry", platform.registry.address)


def free_port(wanted: int, taken: Collection[int]) -> int:
    """`wanted`, or the first free fallback, said aloud. Raises BadSettings when all are taken."""
    for port in (wanted, *FALLBACK_PORTS):
        if port not in taken:
            if port != wanted:
                pulumi.log.warn(f"port {wanted} is taken on this machine; apps are served on port {port}")
            return port
    tried = ", ".join(str(port) for port in (wanted, *FALLBACK_PORTS))
    raise BadSettings(f"ports {tried} are all taken on this machine; set microfoundry:httpPort to a free one")


def _cluster(settings: LocalSettings, facts: Facts) -> KubeadmCluster | ExistingCluster:
    if settings.kubeconfig:
        return ExistingCluster("cluster", ExistingClusterArgs(kubeconfig=Path(settings.kubeconfig)))
    config = ClusterConfig(platform_parts=PARTS, platform_programs=PROGRAMS)
    return KubeadmCluster("cluster", KubeadmClusterArgs(config=config, facts=facts))


def _platform_args(settings: LocalSettings, cluster: KubeadmCluster | ExistingCluster, port: int) -> PlatformArgs:
    source = settings.images or ("official" if settings.kubeconfig else "bundle")
    return PlatformArgs(
        kubeconfig=cluster.kubeconfig,
        images=platform_images(source),
        image_source=source,
        definitions=DEFINITIONS,
        domain=settings.domain,
        port=port,
        storage_class=settings.storage_class,
        registry_size=settings.registry_size,
    )
