"""The parts of the cluster: made where they are not in the cache yet, and laid out for the later steps."""

from __future__ import annotations

import sys
from pathlib import Path

from baremetal.model import ClusterConfig, Step
from baremetal.steps.shell import script

PROGRAMS = ("kubernetes",)
IMAGES = ("control-plane", "kube-proxy", "etcd", "coredns", "pause")

_CREATE = r"""
export PYTHONPATH="$SOURCE${PYTHONPATH:+:$PYTHONPATH}"
"$PYTHON" -m baremetal.bundle build $NAMES
"$PYTHON" -m baremetal.lay_out "$PARTS" "$BIN" $NAMES
"""

_DELETE = r"""
rm -rf "$PARTS"
rm -f "$BIN/kubelet" "$BIN/kubeadm"
"""


def step(config: ClusterConfig) -> Step:
    """Make and lay out what the cluster and the platform's images are; the cache stays when it is deleted."""
    return Step(
        name="bundle",
        summary="Kubernetes' programs and images",
        create=script(
            _CREATE,
            python=sys.executable,
            source=str(Path(__file__).resolve().parents[2]),
            names=" ".join((*PROGRAMS, *IMAGES, *config.platform_parts)),
        ),
        delete=script(_DELETE),
        needs=("machine",),
    )
