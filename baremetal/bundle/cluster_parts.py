"""The parts of which a Kubernetes node consists."""

from __future__ import annotations

from baremetal.bundle.built import Built, ImageSpec
from baremetal.bundle.go_program import KUBERNETES
from baremetal.bundle.image import ImageConfig
from baremetal.bundle.ingredients import COREDNS, ETCD
from baremetal.bundle.model import Part
from baremetal.bundle.official import OfficialFiles, OfficialImages

_RELEASES = f"https://dl.k8s.io/v{KUBERNETES}/bin/linux/amd64"
_REGISTRY = "registry.k8s.io"
_CONTROL_PLANE = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
# The tags that this version of kubeadm asks for (`kubeadm config images list`).
ETCD_IMAGE = f"{_REGISTRY}/etcd:{ETCD}-0"
COREDNS_IMAGE = f"{_REGISTRY}/coredns/coredns:v{COREDNS}"
PAUSE_IMAGE = f"{_REGISTRY}/pause:3.10.2"


def _release(*names: str) -> OfficialFiles:
    return OfficialFiles(files={name: f"{_RELEASES}/{name}" for name in names})


def _official(*references: str) -> OfficialImages:
    return OfficialImages(images={reference: reference for reference in references})


def _image_name(program: str) -> str:
    return f"{_REGISTRY}/{program}:v{KUBERNETES}"


def _kubernetes_image(name: str, layers: tuple[str, ...] = ()) -> ImageSpec:
    return ImageSpec(
        reference=_image_name(name),
        layers=layers,
        programs={"usr/local/bin/kubernetes": "kubernetes-program"},
        links={f"usr/local/bin/{name}": "kubernetes"},
        folders={"tmp": 0},
        config=ImageConfig(entrypoint=(name,)),
    )


KUBERNETES_PARTS = (
    Part(
        name="kubernetes",
        version=KUBERNETES,
        summary="kubelet and kubeadm",
        demo=True,
        sources=(
            _release("kubelet", "kubeadm"),
            Built(files={"kubelet": "kubernetes-program", "kubeadm": "kubernetes-program"}),
        ),
    ),
    Part(
        name="kubectl",
        version=KUBERNETES,
        summary="the Kubernetes command line, for comparison",
        sources=(_release("kubectl"), Built(files={"kubectl": "kubectl-program"})),
    ),
    Part(
        name="control-plane",
        version=KUBERNETES,
        summary="images of API server, controller manager and scheduler",
        demo=True,
        sources=(
            _official(*map(_image_name, _CONTROL_PLANE)),
            Built(images=tuple(map(_kubernetes_image, _CONTROL_PLANE))),
        ),
    ),
    Part(
        name="kube-proxy",
        version=KUBERNETES,
        summary="image of kube-proxy with iptables and conntrack",
        demo=True,
        sources=(
            _official(_image_name("kube-proxy")),
            Built(images=(_kubernetes_image("kube-proxy", ("debian-root", "iptables-layer")),)),
        ),
    ),
)

BESIDE_PARTS = (
    Part(
        name="etcd",
        version=ETCD,
        summary="image of the cluster's database",
        demo=True,
        sources=(
            _official(ETCD_IMAGE),
            Built(
                images=(
                    ImageSpec(
                        reference=ETCD_IMAGE,
                        programs={"usr/local/bin/etcd": "etcd-program"},
                        folders={"tmp": 0},
                        config=ImageConfig(entrypoint=("etcd",)),
                    ),
                )
            ),
        ),
    ),
    Part(
        name="coredns",
        version=COREDNS,
        summary="image of the cluster's name server",
        demo=True,
        sources=(
            _official(COREDNS_IMAGE),
            Built(
                images=(
                    ImageSpec(
                        reference=COREDNS_IMAGE,
                        programs={"coredns": "coredns-program"},
                        config=ImageConfig(entrypoint=("/coredns",), ports=(53,)),
                    ),
                )
            ),
        ),
    ),
    Part(
        name="pause",
        version="3.10.2",
        summary="image that holds a pod's namespaces",
        demo=True,
        sources=(
            _official(PAUSE_IMAGE),
            Built(
                images=(
                    ImageSpec(
                        reference=PAUSE_IMAGE,
                        programs={"pause": "pause-program"},
                        config=ImageConfig(entrypoint=("/pause",), user="65535:65535"),
                    ),
                )
            ),
        ),
    ),
)
