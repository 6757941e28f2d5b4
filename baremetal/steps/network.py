"""Pod network: a bridge with host-local addresses, and host ports; no rule or interface of it is left behind."""

from __future__ import annotations

import json

from baremetal.model import ClusterConfig, Step
from baremetal.steps.shell import script

NAME = "microfoundry"
BRIDGE = "mfpods0"

WITHOUT_OURS = r"""
function target(  i) { for (i = 1; i < NF; i++) if ($i == "-j") return $(i + 1); return "" }
function is_ours() { return index($0, network) > 0 }
{ line[NR] = $0 }
$1 ~ /^:CNI-HOSTPORT-DNAT$/ { shared = 1 }
$1 == "-A" && $2 == "CNI-HOSTPORT-DNAT" && !is_ours() { foreign = 1 }
$1 == "-A" && is_ours() && target() ~ /^CNI-/ { gone[target()] = 1 }
END {
  if (shared && !foreign) gone["CNI-HOSTPORT-DNAT"] = gone["CNI-HOSTPORT-SETMARK"] = gone["CNI-HOSTPORT-MASQ"] = 1
  for (n = 1; n <= NR; n++) {
    $0 = line[n]
    chain = $1 == "-A" ? $2 : ($1 ~ /^:/ ? substr($1, 2) : "")
    if (chain ~ /^KUBE-/ || chain in gone) continue
    if ($1 == "-A" && (is_ours() || target() ~ /^KUBE-/ || target() in gone)) continue
    print line[n]
  }
}
"""

CLEAN = r"""
# Rules of ours: chains KUBE-*, rules that carry our network's name, and the CNI chains that only those lead to.
clean_rules() {
  local tool before
  for tool in iptables ip6tables iptables-legacy ip6tables-legacy; do
    command -v $tool-save >/dev/null || continue
    case $tool in *-legacy) cat /proc/net/ip*_tables_names 2>/dev/null | grep -q . || continue ;; esac
    before=$($tool-save 2>/dev/null) || continue
    case $before in *KUBE-* | *CNI-* | *"$NETWORK"*) ;; *) continue ;; esac
    printf '%s\n' "$before" | awk -v network="$NETWORK" "$WITHOUT_OURS" | $tool-restore -w
  done
}
clean_network() {
  clean_rules
  [ ! -e "/sys/class/net/$BRIDGE" ] || ip link delete "$BRIDGE"
  rm -rf "$ROOT/cni"
  local result pod
  for result in /var/lib/cni/results/"$NETWORK"-*-eth0; do
    pod=${result##*/"$NETWORK"-}
    rm -f "$result" "/var/lib/cni/results/cni-loopback-${pod%-eth0}-lo"
  done
  rmdir --ignore-fail-on-non-empty /var/lib/cni/results /var/lib/cni 2>/dev/null || true
}
"""

_CREATE = r"""
printf '%s\n' "$CONFLIST" | put "$ROOT/etc/cni/10-microfoundry.conflist" || true
say "pods get addresses of $SUBNET on $BRIDGE"
"""


def constants() -> dict[str, str]:
    """What CLEAN refers to."""
    return {"network": NAME, "bridge": BRIDGE, "without_ours": WITHOUT_OURS}


def conflist(config: ClusterConfig) -> str:
    """The CNI configuration; one node needs no share of the pod network, it has all of it."""
    bridge = {
        "type": "bridge",
        "bridge": BRIDGE,
        "isGateway": True,
        "ipMasq": True,
        "hairpinMode": True,
        "ipam": {
            "type": "host-local",
            "dataDir": "/var/lib/microfoundry/cni",
            "ranges": [[{"subnet": config.pod_cidr}]],
            "routes": [{"dst": "0.0.0.0/0"}],
        },
    }
    ports = {"type": "portmap", "capabilities": {"portMappings": True}, "snat": True}
    return json.dumps({"cniVersion": "0.4.0", "name": NAME, "plugins": [bridge, ports]}, indent=1)


def step(config: ClusterConfig) -> Step:
    """Configure the pod network; the plugins set it up with the first pod."""
    return Step(
        name="network",
        summary="bridge network for pods",
        create=script(_CREATE, conflist=conflist(config), subnet=config.pod_cidr, **constants()),
        delete=script(CLEAN, 'clean_network\nrm -rf "$ROOT/etc/cni"\n', **constants()),
        needs=("packages",),
    )
