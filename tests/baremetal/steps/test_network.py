"""Rules of the pod network are taken out, and none of anybody else's."""

from __future__ import annotations

import json
import subprocess

from baremetal.model import ClusterConfig
from baremetal.steps.network import NAME, WITHOUT_OURS, conflist

OURS = r"""*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:KUBE-FIREWALL - [0:0]
:KUBE-FORWARD - [0:0]
-A INPUT -j KUBE-FIREWALL
-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
-A FORWARD -s 10.244.0.0/16 -m comment --comment "microfoundry pods" -j ACCEPT
-A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT
COMMIT
*nat
:POSTROUTING ACCEPT [0:0]
:CNI-05e7e6135f - [0:0]
:CNI-DN-9ce5833b - [0:0]
:CNI-HOSTPORT-DNAT - [0:0]
:CNI-HOSTPORT-MASQ - [0:0]
:CNI-HOSTPORT-SETMARK - [0:0]
:KUBE-SERVICES - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A POSTROUTING -m comment --comment "CNI portfwd requiring masquerade" -j CNI-HOSTPORT-MASQ
-A POSTROUTING -s 10.244.0.14/32 -m comment --comment "name: \"microfoundry\" id: \"0595\"" -j CNI-05e7e6135f
-A CNI-05e7e6135f ! -d 224.0.0.0/4 -m comment --comment "name: \"microfoundry\" id: \"0595\"" -j MASQUERADE
-A CNI-DN-9ce5833b -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.244.0.14:8080
-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \"microfoundry\" id: \"0595\"" -j CNI-DN-9ce5833b
-A CNI-HOSTPORT-SETMARK -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000
COMMIT
"""
BARE = """*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
*nat
:POSTROUTING ACCEPT [0:0]
COMMIT
"""
PODMAN = [
    ":CNI-aaaa - [0:0]",
    ":CNI-DN-bbbb - [0:0]",
    r'-A POSTROUTING -s 10.88.0.5/32 -m comment --comment "name: \"podman\" id: \"77\"" -j CNI-aaaa',
    "-A CNI-DN-bbbb -p tcp -m tcp --dport 99 -j DNAT --to-destination 10.88.0.5:99",
    r'-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \"podman\" id: \"77\"" -j CNI-DN-bbbb',
]


def without_ours(rules: str) -> str:
    return subprocess.run(
        ["awk", "-v", f"network={NAME}", WITHOUT_OURS], input=rules, text=True, capture_output=True, check=True
    ).stdout


def test_a_machine_with_our_rules_alone_is_left_with_none() -> None:
    assert without_ours(OURS) == BARE


def test_rules_of_other_container_tools_stay_with_the_chains_that_they_use() -> None:
    chains, rules = "\n".join(PODMAN[:2]), "\n".join(PODMAN[2:])
    mixed = OURS.replace(":KUBE-SERVICES", f"{chains}\n:KUBE-SERVICES")
    mixed = mixed.removesuffix("COMMIT\n") + f"{rules}\nCOMMIT\n"
    left = without_ours(mixed).splitlines()
    assert set(PODMAN) <= set(left)
    assert ":CNI-HOSTPORT-DNAT - [0:0]" in left
    assert "-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT" in left
    assert not [line for line in left if "microfoundry" in line or "KUBE" in line or "9ce5833" in line]


def test_pods_get_addresses_of_the_whole_pod_network_and_host_ports() -> None:
    document = json.loads(conflist(ClusterConfig(pod_cidr="10.7.0.0/16")))
    bridge, ports = document["plugins"]
    assert bridge["ipam"]["ranges"] == [[{"subnet": "10.7.0.0/16"}]]
    assert bridge["ipMasq"]
    assert ports["capabilities"] == {"portMappings": True}
