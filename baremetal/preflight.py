"""What stands against a cluster on a machine, found from facts alone and told all at once."""

from __future__ import annotations

from collections.abc import Iterator

from baremetal.errors import MachineUnfit
from baremetal.facts.reader import Facts
from baremetal.model import ClusterConfig
from baremetal.steps.machine import INTERFACE
from baremetal.steps.network import BRIDGE

GIB = 2**30
DISK = 6 * GIB
MEMORY = 3 * GIB
PORTS = {
    6443: "API server",
    2379: "etcd",
    2380: "etcd",
    10250: "kubelet",
    10248: "kubelet",
    10249: "kube-proxy",
    10256: "kube-proxy",
    10257: "controller manager",
    10259: "scheduler",
    30500: "the platform's registry",
}


def check(config: ClusterConfig, facts: Facts) -> None:
    """Raises MachineUnfit with everything that would have to change first."""
    problems = tuple(problems_of(config, facts))
    if problems:
        raise MachineUnfit(facts.host, problems)


def problems_of(config: ClusterConfig, facts: Facts) -> Iterator[str]:
    """One sentence each: what is wrong, and what would be right."""
    yield from _of_system(facts)
    if not facts.daemons.initialised:
        yield from _of_room(facts)
        yield from _of_ports(facts)
        yield from _of_strangers(facts)
    yield from _of_routes(config, facts)


def _of_system(facts: Facts) -> Iterator[str]:
    if not facts.system.root:
        yield "a cluster's daemons need root; run it with sudo, or name an existing cluster by --kubeconfig"
    if facts.system.architecture != "x86_64":
        yield f"the bundle's parts are made for x86_64; this machine is {facts.system.architecture}"
    if facts.cgroup.missing:
        missing = ", ".join(facts.cgroup.missing)
        yield f"the kernel lacks the control group controllers {missing}; boot it with them enabled"
    needed = {"containerd", "runc", "iptables", "ip", "curl"} - facts.tools.present
    if needed and "apt-get" not in facts.tools.present:
        yield f"{', '.join(sorted(needed))} are missing and there is no apt-get to install them; install them yourself"
    if facts.system.init != "systemd" and "start-stop-daemon" not in facts.tools.present:
        yield "neither systemd nor start-stop-daemon is here to run daemons; install dpkg's start-stop-daemon"


def _of_room(facts: Facts) -> Iterator[str]:
    if facts.room.disk < DISK:
        yield f"/var/lib has {facts.room.disk / GIB:.1f} GiB free; {DISK / GIB:.0f} GiB are needed"
    if facts.room.memory < MEMORY:
        yield f"the machine has {facts.room.memory / GIB:.1f} GiB of memory; {MEMORY / GIB:.0f} GiB are needed"


def _of_ports(facts: Facts) -> Iterator[str]:
    if any(daemon.alive for daemon in facts.daemons.by_name.values()):
        return
    for port in sorted(PORTS.keys() & facts.network.listening):
        yield f"TCP port {port} ({PORTS[port]}) is taken; stop what listens there: ss -ltnp 'sport = :{port}'"


def _of_strangers(facts: Facts) -> Iterator[str]:
    if facts.daemons.folders and not facts.daemons.owned:
        folders = ", ".join(facts.daemons.folders)
        yield f"another Kubernetes left or keeps files in {folders}; name it by --kubeconfig, or remove it first"


def _of_routes(config: ClusterConfig, facts: Facts) -> Iterator[str]:
    wanted = {
        "podCidr": config.pod_cidr,
        "serviceCidr": config.service_cidr,
        "nodeAddress": f"{config.node_address}/32",
    }
    for key, cidr in wanted.items():
        for route in facts.network.conflicts(cidr, ours=frozenset({INTERFACE, BRIDGE})):
            yield f"{key} {cidr} overlaps the network {route.network} on {route.interface}; choose another {key}"
