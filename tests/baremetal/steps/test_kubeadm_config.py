"""kubeadm's configuration: reachable from this machine alone, right for its control groups."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from baremetal.facts.system import Init
from baremetal.model import ClusterConfig
from baremetal.steps.kubeadm_config import documents, patches
from tests.baremetal.machines import facts, system


def by_kind(config: ClusterConfig, init: Init = Init.SYSTEMD) -> dict[str, Any]:
    loaded = yaml.safe_load_all(documents(config, facts(system=system(init=init))))
    return {document["kind"]: document for document in loaded}


@pytest.mark.parametrize(("init", "driver"), [(Init.SYSTEMD, "systemd"), (Init.KEEPER, "cgroupfs")])
def test_cgroups_are_left_to_systemd_where_it_runs(init: Init, driver: str) -> None:
    assert by_kind(ClusterConfig(), init)["KubeletConfiguration"]["cgroupDriver"] == driver


def test_nothing_listens_on_the_machines_own_network() -> None:
    address = "10.99.0.1"
    config = by_kind(ClusterConfig(node_address=address))
    assert config["ClusterConfiguration"]["apiServer"]["extraArgs"] == [{"name": "bind-address", "value": address}]
    assert config["KubeletConfiguration"]["address"] == address
    proxy = config["KubeProxyConfiguration"]
    assert proxy["nodePortAddresses"] == ["127.0.0.0/8", "10.99.0.1/32"]
    assert proxy["healthzBindAddress"].startswith("127.0.0.1:")


def test_the_one_node_takes_pods_and_answers_node_ports_on_loopback() -> None:
    config = by_kind(ClusterConfig())
    assert config["InitConfiguration"]["nodeRegistration"]["taints"] == []
    assert config["KubeProxyConfiguration"]["iptables"]["localhostNodePorts"]


def test_control_plane_asks_for_less_than_a_third_of_a_processor() -> None:
    requests = [
        container["resources"]["requests"]["cpu"]
        for name, text in patches().items()
        if not name.startswith("coredns")
        for container in json.loads(text)["spec"]["containers"]
    ]
    assert len(requests) == 4
    assert sum(int(cpu.removesuffix("m")) for cpu in requests) < 333
