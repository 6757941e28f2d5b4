"""Machines to plan for (support file, holds no tests)."""

from __future__ import annotations

import ipaddress

from baremetal.facts.cgroup import Cgroup
from baremetal.facts.daemons import Daemon, Daemons
from baremetal.facts.network import Network, Route
from baremetal.facts.reader import Facts
from baremetal.facts.room import Room
from baremetal.facts.system import Init, System
from baremetal.facts.tools import Tools

GIB = 2**30
CONTROLLERS = ("cpu", "cpuset", "memory", "pids")


def system(**changes: object) -> System:
    """A Debian machine with systemd, unless told otherwise."""
    plain: dict[str, object] = {
        "name": "Debian GNU/Linux 12 (bookworm)",
        "family": ("debian",),
        "init": Init.SYSTEMD,
        "root": True,
        "architecture": "x86_64",
        "cpus": 2,
        "may_raise_limits": True,
    }
    return System(**{**plain, **changes})  # type: ignore[arg-type]  # tests give what the fields take


def daemons(*, alive: bool = False, generation: int = 0, **changes: object) -> Daemons:
    """No cluster, unless told otherwise."""
    each = Daemon(alive=alive, generation=generation)
    plain: dict[str, object] = {"owned": False, "initialised": False, "folders": ()}
    values: dict[str, object] = {**plain, **changes, "by_name": {"containerd": each, "kubelet": each}}
    return Daemons(**values)  # type: ignore[arg-type]  # tests give what the fields take


def network(*routes: tuple[str, str], listening: tuple[int, ...] = ()) -> Network:
    """Routes as (interface, network)."""
    return Network(
        routes=tuple(Route(interface=name, network=ipaddress.IPv4Network(cidr)) for name, cidr in routes),
        listening=frozenset(listening),
    )


def facts(**changes: object) -> Facts:
    """A machine on which a cluster can be made, unless told otherwise."""
    plain: dict[str, object] = {
        "host": "this machine",
        "system": system(),
        "cgroup": Cgroup(version=2, controllers=CONTROLLERS),
        "room": Room(disk=80 * GIB, memory=16 * GIB, memory_available=12 * GIB, swap=0),
        "network": network(("eth0", "0.0.0.0/0"), ("eth0", "192.168.1.0/24")),
        "tools": Tools(present=frozenset({"apt-get", "ip", "curl"})),
        "daemons": daemons(),
    }
    return Facts(**{**plain, **changes})  # type: ignore[arg-type]  # tests give what the fields take
