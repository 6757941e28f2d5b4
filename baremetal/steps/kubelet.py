"""The kubelet: runs once kubeadm has written its configuration, and brings back all pods after a reboot."""

from __future__ import annotations

from baremetal.facts.reader import Facts
from baremetal.model import ClusterConfig, Step
from baremetal.steps import daemon
from baremetal.steps.shell import script

API = r"""
api_ready() { curl -sf -m 5 --cacert /etc/kubernetes/pki/ca.crt "https://$ADDRESS:6443/readyz" >/dev/null; }
"""

_CREATE = r"""
put "$BIN/run-kubelet" <<'RUN' || true
#!/bin/bash
# kubeadm writes these two files while it waits for the kubelet to run.
until [ -s /var/lib/kubelet/config.yaml ] && [ -s /var/lib/kubelet/kubeadm-flags.env ]; do sleep 0.2; done
. /var/lib/kubelet/kubeadm-flags.env
exec /var/lib/microfoundry/bin/kubelet --config=/var/lib/kubelet/config.yaml \
  --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf \
  $KUBELET_KUBEADM_ARGS
RUN
chmod 755 "$BIN/run-kubelet"
daemon_ensure kubelet "$BIN/run-kubelet"
if [ -e "$INITIALISED" ]; then
  say "waiting for the API server to be back"
  wait_until 180 api_ready || { daemon_log kubelet; fail "the API server did not come back within 3 minutes"; }
fi
echo "${MF_GENERATION:-1}" >"$ROOT/kubelet.generation"
"""

_DELETE = r"""
daemon_forget kubelet
rm -f "$BIN/run-kubelet" "$ROOT/kubelet.generation" "$RUN/kubelet.stamp"
"""


def step(config: ClusterConfig, facts: Facts) -> Step:
    """Run the kubelet."""
    functions = daemon.functions(facts.system.init)
    return Step(
        name="kubelet",
        summary="node agent",
        create=script(functions, API, _CREATE, address=config.node_address),
        delete=script(functions, _DELETE),
        needs=("containerd", "bundle", "images"),
        environment={"MF_GENERATION": str(facts.daemons.by_name["kubelet"].wanted_generation)},
    )
