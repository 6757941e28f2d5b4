"""The ground: our folder, kernel settings and the node's own network interface, all given back in the end."""

from __future__ import annotations

from baremetal.model import ClusterConfig, Step
from baremetal.steps.shell import script

INTERFACE = "mfnode0"
"""A bridge without ports: it holds the node's address on every kernel that can hold pods (dummy devices are rarer)."""

_SYSCTLS = """
net/ipv4/ip_forward net/ipv4/conf/all/forwarding net/ipv4/conf/default/forwarding net/ipv4/conf/all/route_localnet
net/bridge/bridge-nf-call-iptables net/bridge/bridge-nf-call-ip6tables
net/netfilter/nf_conntrack_max net/netfilter/nf_conntrack_tcp_be_liberal
net/netfilter/nf_conntrack_tcp_timeout_established net/netfilter/nf_conntrack_tcp_timeout_close_wait
vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops
kernel/keys/root_maxkeys kernel/keys/root_maxbytes fs/inotify/max_user_instances fs/inotify/max_user_watches
"""

_CREATE = r"""
mkdir -p "$ROOT" "$RUN" "$ROOT/etc" "$ROOT/log" "$BIN"
chmod 700 "$ROOT/log"
touch "$OWNED"
modprobe -a overlay br_netfilter nf_conntrack 2>/dev/null || true
if [ ! -e "$ROOT/sysctls" ]; then
  for key in $SYSCTLS; do
    if [ -r "/proc/sys/$key" ]; then echo "$key $(cat "/proc/sys/$key")"; fi
  done >"$ROOT/sysctls.new"
  mv "$ROOT/sysctls.new" "$ROOT/sysctls"
fi
put "$BIN/prepare" <<PREPARE || true
#!/bin/bash
# What a reboot takes away; the daemons run this before they start.
set -e
PATH="\$PATH:/usr/sbin:/sbin"
mkdir -p $RUN
modprobe -a overlay br_netfilter nf_conntrack 2>/dev/null || true
[ -e /sys/class/net/$INTERFACE ] || ip link add $INTERFACE type bridge
ip address replace $ADDRESS/32 dev $INTERFACE
ip link set $INTERFACE up
set_key() { [ ! -e "/proc/sys/\$1" ] || [ "\$(cat "/proc/sys/\$1")" = "\$2" ] || echo "\$2" >"/proc/sys/\$1"; }
set_key net/ipv4/ip_forward 1
set_key net/bridge/bridge-nf-call-iptables 1
# Where others let nothing be forwarded by default, as Docker does, pods are let through all the same.
for way in -s -d; do
  iptables -w -C FORWARD \$way $PODS -m comment --comment "$TAG" -j ACCEPT 2>/dev/null ||
    iptables -w -A FORWARD \$way $PODS -m comment --comment "$TAG" -j ACCEPT
done
at_least() { [ "\$(cat "/proc/sys/\$1")" -ge "\$2" ] || echo "\$2" >"/proc/sys/\$1"; }
at_least fs/inotify/max_user_instances 1024
at_least fs/inotify/max_user_watches 524288
PREPARE
chmod 755 "$BIN/prepare"
say "the node's address is $ADDRESS on $INTERFACE"
"""

_DELETE = r"""
[ ! -e "/sys/class/net/$INTERFACE" ] || ip link delete "$INTERFACE"
if [ -e "$ROOT/sysctls" ]; then
  while read -r key value; do
    [ ! -w "/proc/sys/$key" ] || [ "$(cat "/proc/sys/$key")" = "$value" ] || echo "$value" >"/proc/sys/$key" ||
      say "could not put back $key = $value"
  done <"$ROOT/sysctls"
fi
unmount_below "$RUN"
unmount_below "$ROOT"
rm -rf "$RUN" "$ROOT"
"""


def step(config: ClusterConfig) -> Step:
    """Prepare the machine; its deletion is the very last one and takes our folder with it."""
    constants = {
        "interface": INTERFACE,
        "address": config.node_address,
        "pods": config.pod_cidr,
        "tag": "microfoundry pods",
        "sysctls": " ".join(_SYSCTLS.split()),
    }
    return Step(
        name="machine",
        summary="folder, kernel settings, node address",
        create=script(_CREATE, **constants),
        delete=script(_DELETE, **constants),
    )
