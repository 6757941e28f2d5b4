"""What runs on the machine, from samples of several."""

from __future__ import annotations

from baremetal.facts.system import Init, parse

DEBIAN = """PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
ID=debian
INIT=process_api
UID_IS=0
MACHINE=x86_64
CPUS=2
CAPABILITIES=000001fffeffffff
"""
UBUNTU = """PRETTY_NAME="Ubuntu 24.04.1 LTS"
ID=ubuntu
ID_LIKE=debian
INIT=systemd
UID_IS=1000
MACHINE=aarch64
CPUS=8
CAPABILITIES=000001ffffffffff
"""


def test_machine_without_systemd_is_given_a_keeper_of_daemons() -> None:
    system = parse(DEBIAN)
    assert (system.init, system.root, system.cpus) == (Init.KEEPER, True, 2)
    assert system.name == "Debian GNU/Linux 12 (bookworm)"


def test_right_to_raise_limits_is_read_from_the_capabilities() -> None:
    assert not parse(DEBIAN).may_raise_limits
    assert parse(UBUNTU).may_raise_limits


def test_derived_distributions_name_their_family() -> None:
    system = parse(UBUNTU)
    assert system.family == ("ubuntu", "debian")
    assert (system.init, system.root, system.architecture) == (Init.SYSTEMD, False, "aarch64")
