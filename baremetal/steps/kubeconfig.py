"""The administrator's kubeconfig, put where `mf` and the user's other programs look.

It is written as JSON, which every reader of YAML takes, because `mf` reads JSON in a tenth of the time.
"""

from __future__ import annotations

import sys
from pathlib import Path

from baremetal.model import ClusterConfig, Step
from baremetal.steps.shell import script

_CREATE = r"""
mkdir -p "$(dirname "$TARGET")"
umask 077
"$PYTHON" -c 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout, indent=1)' \
  </etc/kubernetes/admin.conf >"$TARGET.json"
put "$TARGET" <"$TARGET.json" || true
rm -f "$TARGET.json"
chmod 600 "$TARGET"
cat "$TARGET"
"""

_DELETE = r"""
rm -f "$TARGET" "$TARGET.new" "$TARGET.json"
rmdir --ignore-fail-on-non-empty "$(dirname "$TARGET")" 2>/dev/null || true
"""


def step(config: ClusterConfig) -> Step:
    """Export the kubeconfig; what this step prints is the kubeconfig itself, a secret."""
    target = str(Path(config.kubeconfig).expanduser())
    return Step(
        name="kubeconfig",
        summary=target,
        create=script(_CREATE, target=target, python=sys.executable),
        delete=script(_DELETE, target=target),
        needs=("control-plane",),
    )
