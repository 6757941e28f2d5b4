"""Where a cluster's files lie on its machine; nothing of ours is outside these."""

from __future__ import annotations

ROOT = "/var/lib/microfoundry"
RUN = "/run/microfoundry"
OWNED = f"{ROOT}/owned"
"""Says that Kubernetes' fixed folders on this machine are ours, so that they may be removed."""
INITIALISED = f"{ROOT}/initialised"
BIN = f"{ROOT}/bin"
PARTS = f"{ROOT}/parts"
CONTAINERD_CONFIG = f"{ROOT}/etc/containerd.toml"
CNI_CONFIG = f"{ROOT}/etc/cni"
SOCKET = f"{RUN}/containerd.sock"

KUBERNETES_FOLDERS = (
    "/etc/kubernetes",
    "/var/lib/kubelet",
    "/var/log/pods",
    "/var/log/containers",
    "/usr/libexec/kubernetes",
)
"""Folders whose place Kubernetes itself fixes."""


def pid_file(daemon: str) -> str:
    """Where the process id of a daemon's keeper is written."""
    return f"{RUN}/{daemon}.pid"
