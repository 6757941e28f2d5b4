"""What stands against a cluster is told all at once, before anything is done."""

from __future__ import annotations

import pytest

from baremetal.errors import BareMetalError, MachineUnfit
from baremetal.facts.cgroup import Cgroup
from baremetal.facts.reader import Facts
from baremetal.facts.room import Room
from baremetal.facts.system import Init
from baremetal.facts.tools import Tools
from baremetal.model import ClusterConfig
from baremetal.preflight import check, problems_of
from tests.baremetal.machines import GIB, daemons, facts, network, system

UNFIT = {
    "not root": (facts(system=system(root=False)), "need root; run it with sudo, or name an existing cluster"),
    "other processor": (facts(system=system(architecture="aarch64")), "made for x86_64; this machine is aarch64"),
    "no memory controller": (
        facts(cgroup=Cgroup(version=2, controllers=("cpu", "cpuset", "pids"))),
        "lacks the control group controllers memory",
    ),
    "no package manager": (facts(tools=Tools(present=frozenset({"ip", "curl"}))), "there is no apt-get"),
    "nobody to run daemons": (facts(system=system(init=Init.KEEPER)), "neither systemd nor start-stop-daemon"),
    "disk full": (
        facts(room=Room(disk=2 * GIB, memory=16 * GIB, memory_available=GIB, swap=0)),
        "/var/lib has 2.0 GiB free; 6 GiB are needed",
    ),
    "little memory": (
        facts(room=Room(disk=80 * GIB, memory=2 * GIB, memory_available=GIB, swap=0)),
        "has 2.0 GiB of memory; 3 GiB are needed",
    ),
    "port taken": (facts(network=network(listening=(6443, 22))), r"port 6443 \(API server\) is taken"),
    "other cluster": (facts(daemons=daemons(folders=("/etc/kubernetes",))), "another Kubernetes .* /etc/kubernetes"),
    "network taken": (
        facts(network=network(("tun0", "10.244.8.0/24"))),
        r"podCidr 10.244.0.0/16 overlaps the network 10.244.8.0/24 on tun0; choose another podCidr",
    ),
}


@pytest.mark.parametrize(("machine", "message"), UNFIT.values(), ids=UNFIT.keys())
def test_unfit_machine_is_refused_with_what_would_be_right(machine: Facts, message: str) -> None:
    with pytest.raises(MachineUnfit, match=message):
        check(ClusterConfig(), machine)


def test_all_problems_are_told_in_one_go() -> None:
    machine = facts(system=system(root=False), network=network(listening=(6443, 10250)))
    with pytest.raises(BareMetalError) as caught:
        check(ClusterConfig(), machine)
    assert isinstance(caught.value, MachineUnfit)
    assert len(caught.value.problems) == 3


def test_fit_machine_has_no_problem() -> None:
    assert list(problems_of(ClusterConfig(), facts())) == []


def test_running_cluster_does_not_stand_in_its_own_way() -> None:
    running = facts(
        network=network(("mfpods0", "10.244.0.0/16"), listening=(6443, 10250)),
        daemons=daemons(alive=True, generation=1, owned=True, initialised=True, folders=("/etc/kubernetes",)),
        room=Room(disk=GIB, memory=16 * GIB, memory_available=GIB, swap=0),
    )
    assert list(problems_of(ClusterConfig(), running)) == []
