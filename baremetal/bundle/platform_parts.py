"""The parts that turn a cluster into a platform: registry, storage, gateway."""

from __future__ import annotations

from pathlib import Path

from baremetal.bundle.built import Built, ImageSpec
from baremetal.bundle.go_program import CONTOUR
from baremetal.bundle.image import ImageConfig
from baremetal.bundle.ingredients import ENVOY, GATEWAY_API, LOCAL_PATH, REGISTRY
from baremetal.bundle.model import Part
from baremetal.bundle.official import OfficialImages

_FILES = Path(__file__).parent / "files"
REGISTRY_IMAGE = f"microfoundry/registry:{REGISTRY}"
STORAGE_IMAGE = f"microfoundry/local-path-provisioner:{LOCAL_PATH}"
CONTOUR_IMAGE = f"microfoundry/contour:{CONTOUR}"
ENVOY_IMAGE = f"microfoundry/envoy:{ENVOY}"
_REGISTRY_CONFIG = "etc/distribution/config.yml"

PLATFORM_PARTS = (
    Part(
        name="registry",
        version=REGISTRY,
        summary="image of the in-cluster image registry",
        demo=True,
        sources=(
            OfficialImages(images={REGISTRY_IMAGE: f"docker.io/library/registry:{REGISTRY}"}),
            Built(
                images=(
                    ImageSpec(
                        reference=REGISTRY_IMAGE,
                        programs={"bin/registry": "registry-program"},
                        texts={_REGISTRY_CONFIG: (_FILES / "registry.yml").read_text(encoding="utf-8")},
                        folders={"tmp": 0, "var/lib/registry": 1000},
                        config=ImageConfig(
                            entrypoint=("registry",), command=("serve", f"/{_REGISTRY_CONFIG}"), ports=(5000,)
                        ),
                    ),
                )
            ),
        ),
    ),
    Part(
        name="storage",
        version=LOCAL_PATH,
        summary="image of the provisioner of volumes on the node's disk",
        demo=True,
        sources=(
            OfficialImages(images={STORAGE_IMAGE: f"docker.io/rancher/local-path-provisioner:v{LOCAL_PATH}"}),
            Built(
                images=(
                    ImageSpec(
                        reference=STORAGE_IMAGE,
                        programs={"usr/bin/local-path-provisioner": "local-path-program"},
                        folders={"tmp": 0},
                        config=ImageConfig(entrypoint=("local-path-provisioner",)),
                    ),
                )
            ),
        ),
    ),
    Part(
        name="gateway-definitions",
        version=GATEWAY_API,
        summary="custom resource definitions of Gateway API and Contour",
        demo=True,
        sources=(Built(files={"gateway-api-crds.yaml": "gateway-api-crds", "contour-crds.yaml": "contour-crds"}),),
    ),
    Part(
        name="gateway",
        version=CONTOUR,
        summary="images of the gateway: Contour, which reads routes, and Envoy, which serves them",
        demo=True,
        sources=(
            OfficialImages(
                images={
                    CONTOUR_IMAGE: f"ghcr.io/projectcontour/contour:v{CONTOUR}",
                    ENVOY_IMAGE: f"docker.io/envoyproxy/envoy:distroless-v{ENVOY}",
                }
            ),
            Built(
                images=(
                    ImageSpec(
                        reference=CONTOUR_IMAGE,
                        programs={"bin/contour": "contour-program"},
                        folders={"tmp": 0},
                        config=ImageConfig(entrypoint=(), command=("contour",)),
                    ),
                    ImageSpec(
                        reference=ENVOY_IMAGE,
                        layers=("debian-root",),
                        programs={"usr/local/bin/envoy": "envoy-program"},
                        config=ImageConfig(command=("envoy",), user="65532:65532"),
                    ),
                )
            ),
        ),
    ),
)
