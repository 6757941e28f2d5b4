"""The end of the way: the node takes pods and names are resolved."""

from __future__ import annotations

from baremetal.model import ClusterConfig, Step
from baremetal.steps.shell import script

_CREATE = r"""
keys=$(mktemp -d); trap 'rm -rf "$keys"' EXIT
value() { sed -n "s/^ *$1: //p" /etc/kubernetes/admin.conf | base64 -d; }
value client-certificate-data >"$keys/certificate"
value client-key-data >"$keys/key"
get() {
  curl -sf -m 5 --cacert /etc/kubernetes/pki/ca.crt --cert "$keys/certificate" --key "$keys/key" \
    "https://$ADDRESS:6443$1"
}
# The kubelet gives this reason when it takes pods, and no other time.
node_ready() { get "/api/v1/nodes/$NODE" | grep -q '"reason": *"KubeletReady"'; }
dns_ready() { get /apis/apps/v1/namespaces/kube-system/deployments/coredns | grep -q '"readyReplicas":'; }
wait_until 120 node_ready || fail "node $NODE did not become ready within 2 minutes"
say "node $NODE is ready"
wait_until 120 dns_ready || fail "CoreDNS did not become ready within 2 minutes"
say "names are resolved"
"""


def step(config: ClusterConfig) -> Step:
    """Wait until pods can be run."""
    return Step(
        name="ready",
        summary="node and DNS answer",
        create=script(_CREATE, address=config.node_address, node=config.node_name),
        delete=script("true\n"),
        needs=("control-plane",),
    )
