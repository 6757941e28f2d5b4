"""A containerd of the cluster's own, beside any other that the machine may run."""

from __future__ import annotations

from baremetal import paths
from baremetal.facts.reader import Facts
from baremetal.facts.system import Init
from baremetal.model import ClusterConfig, Step
from baremetal.steps import daemon, processes
from baremetal.steps.shell import script

CONFIG = """\
version = 2
root = "{root}/containerd"
state = "{run}/containerd"
oom_score = 0
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.internal.v1.opt"]

[grpc]
address = "{socket}"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{pause}"
restrict_oom_score_adj = {restrict}
netns_mounts_under_state_dir = true
max_concurrent_downloads = 6

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "CNI_PLUGINS"
conf_dir = "{cni}"

[plugins."io.containerd.grpc.v1.cri".containerd]
default_runtime_name = "runc"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
Root = "{run}/runc"
SystemdCgroup = {systemd}
"""

ASK = r"""
ask() { ctr --address "$SOCKET" --namespace k8s.io "$@"; }
answers() { ask version >/dev/null 2>&1; }
"""

_CREATE = r"""
plugins=/usr/lib/cni
[ -x $plugins/portmap ] || plugins=/opt/cni/bin
printf '%s' "$CONFIG" | sed "s|CNI_PLUGINS|$plugins|" | put "$ROOT/etc/containerd.toml" || true
mkdir -p "$ROOT/etc/cni"
put "$BIN/run-containerd" <<RUN || true
#!/bin/bash
$BIN/prepare || exit 1
exec containerd --config $ROOT/etc/containerd.toml --log-level warn
RUN
chmod 755 "$BIN/run-containerd"
daemon_ensure containerd "$ROOT/etc/containerd.toml"
wait_until 30 answers || { daemon_log containerd; fail "containerd did not answer within 30 seconds"; }
echo "${MF_GENERATION:-1}" >"$ROOT/containerd.generation"
say "containerd $(containerd --version | awk '{print $3}') answers at $SOCKET"
"""

_DELETE = r"""
[ -e "$OWNED" ] || exit 0
end_all pod_processes shim_processes
daemon_forget containerd
[ ! -d /run/systemd/system ] || systemctl stop kubepods.slice 2>/dev/null || true
pod_groups | while read -r group; do find "$group" -depth -type d -exec rmdir {} + ; done
unmount_below "$RUN"
unmount_below "$ROOT"
# Shims put their sockets here whatever the configuration says; those that nobody listens on are left of ours.
for socket in /run/containerd/s/*; do
  [ ! -S "$socket" ] || grep -qF "$socket" /proc/net/unix || rm -f "$socket"
done
rmdir --ignore-fail-on-non-empty /run/containerd/s /run/containerd 2>/dev/null || true
rm -rf "$RUN/containerd" "$RUN/runc" "$SOCKET" "$SOCKET.ttrpc"
rm -rf "$ROOT/containerd" "$ROOT/images" "$ROOT/etc/containerd.toml"
rm -f "$BIN/run-containerd" "$ROOT/containerd.generation" "$RUN/containerd.stamp"
"""


def configuration(config: ClusterConfig, facts: Facts) -> str:
    """containerd's configuration for this machine, but for where the CNI plugins lie."""
    return CONFIG.format(
        root=paths.ROOT,
        run=paths.RUN,
        socket=paths.SOCKET,
        pause=config.pause_image,
        restrict=str(not facts.system.may_raise_limits).lower(),
        cni=paths.CNI_CONFIG,
        systemd=str(facts.system.init is Init.SYSTEMD).lower(),
    )


def step(config: ClusterConfig, facts: Facts) -> Step:
    """Configure and run containerd."""
    functions = daemon.functions(facts.system.init)
    return Step(
        name="containerd",
        summary="container runtime",
        create=script(functions, ASK, _CREATE, config=configuration(config, facts)),
        delete=script(functions, processes.FUNCTIONS, _DELETE),
        needs=("packages", "network"),
        environment={"MF_GENERATION": str(facts.daemons.by_name["containerd"].wanted_generation)},
    )
