"""`kubeadm init`: the control plane, kube-proxy and CoreDNS; and its undoing, with every pod of the cluster."""

from __future__ import annotations

from baremetal.facts.reader import Facts
from baremetal.model import ClusterConfig, Step
from baremetal.paths import KUBERNETES_FOLDERS
from baremetal.steps import daemon, kubeadm_config, network, processes
from baremetal.steps.containerd import ASK
from baremetal.steps.kubelet import API
from baremetal.steps.shell import script

# Everything of a cluster but the daemons: after this, `kubeadm init` finds a fresh machine.
_RESET = r"""
remove_containers() {
  end_all pod_processes
  if ! daemon_alive containerd || ! answers; then return 0; fi
  ask containers ls -q | while read -r id; do
    timeout 10 ctr --address "$SOCKET" -n k8s.io tasks rm --force "$id" >/dev/null 2>&1 || true
    ask containers rm "$id" >/dev/null 2>&1 || true
  done
}
reset_node() {
  rm -f "$INITIALISED" /etc/kubernetes/manifests/*
  daemon_stop kubelet
  remove_containers
  clean_network
  unmount_below /var/lib/kubelet
  # The kubelet binds its folder onto itself, to share what is mounted below.
  ! awk '$4 ~ "/kubelet$" && $5 == "/var/lib/kubelet"' /proc/self/mountinfo | grep -q . || umount /var/lib/kubelet
  rm -rf "$ROOT/etcd" $FOLDERS
}
"""

_CREATE = r"""
if [ -e "$INITIALISED" ] && [ "$(cat "$INITIALISED")" = "$(printf '%s' "$CONFIG" | sha256sum)" ]; then
  say "the control plane is there"
  exit 0
fi
[ ! -e "$INITIALISED" ] || fail "kubeadm's configuration of this cluster changed; a running cluster can't follow: " \
  "run 'mf destroy', then 'mf up'"
# What an interrupted init or removal left may be half-written; nobody's data can be among it.
if [ -e "$ROOT/etcd" ] || [ -e /etc/kubernetes ] || [ -e /var/lib/kubelet/config.yaml ]; then
  say "an earlier run was interrupted; beginning afresh"
  reset_node
  daemon_start containerd
  wait_until 30 answers || fail "containerd did not come back"
fi
daemon_alive kubelet || daemon_start kubelet
rm -rf "$ROOT/etc/patches"
write_patches
printf '%s' "$CONFIG" | put "$ROOT/etc/kubeadm.yaml" || true
log="$ROOT/log/kubeadm.log"
say "kubeadm init"
if ! "$BIN/kubeadm" init --config "$ROOT/etc/kubeadm.yaml" --ignore-preflight-errors=all --skip-token-print \
  >"$log" 2>&1; then
  grep -v '^$' "$log" | tail -n 12
  daemon_log kubelet | tail -n 5
  fail "kubeadm init failed; its whole output is in $log"
fi
wait_until 60 api_ready || fail "the API server does not answer"
printf '%s' "$CONFIG" | sha256sum >"$INITIALISED.new"
mv "$INITIALISED.new" "$INITIALISED"
say "Kubernetes $VERSION runs"
"""

_DELETE = r"""
[ -e "$OWNED" ] || exit 0
reset_node
rmdir --ignore-fail-on-non-empty /usr/libexec/kubernetes 2>/dev/null || true
"""


def step(config: ClusterConfig, facts: Facts) -> Step:
    """Make the control plane, or begin again what was interrupted."""
    reset = (daemon.functions(facts.system.init), ASK, API, processes.FUNCTIONS, network.CLEAN, _RESET)
    constants = {"folders": " ".join(KUBERNETES_FOLDERS), "address": config.node_address, **network.constants()}
    return Step(
        name="control-plane",
        summary="kubeadm init: control plane, kube-proxy, CoreDNS",
        create=script(
            *reset,
            _patch_writer(),
            _CREATE,
            config=kubeadm_config.documents(config, facts),
            version=config.kubernetes_version,
            **constants,
        ),
        delete=script(*reset, _DELETE, **constants),
        needs=("kubelet",),
    )


def _patch_writer() -> str:
    lines = "".join(
        f"  put \"$ROOT/etc/patches/{name}\" <<'PATCH'\n{text}\nPATCH\n"
        for name, text in kubeadm_config.patches().items()
    )
    return f"write_patches() {{\n{lines}}}\n"
