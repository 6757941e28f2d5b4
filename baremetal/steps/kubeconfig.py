"""The administrator's kubeconfig, copied to where `mf` and the user's other programs look."""

from __future__ import annotations

from pathlib import Path

from baremetal.model import ClusterConfig, Step
from baremetal.steps.shell import script

_CREATE = r"""
mkdir -p "$(dirname "$TARGET")"
umask 077
put "$TARGET" </etc/kubernetes/admin.conf || true
chmod 600 "$TARGET"
cat "$TARGET"
"""

_DELETE = r"""
rm -f "$TARGET" "$TARGET.new"
rmdir --ignore-fail-on-non-empty "$(dirname "$TARGET")" 2>/dev/null || true
"""


def step(config: ClusterConfig) -> Step:
    """Export the kubeconfig; what this step prints is the kubeconfig itself, a secret."""
    target = str(Path(config.kubeconfig).expanduser())
    return Step(
        name="kubeconfig",
        summary=target,
        create=script(_CREATE, target=target),
        delete=script(_DELETE, target=target),
        needs=("control-plane",),
    )
