"""The machine's operating system: distribution, init system, capabilities, and whether we are root."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

COMMAND = """
cat /etc/os-release
echo "INIT=$(cat /proc/1/comm)"
echo "UID_IS=$(id -u)"
echo "MACHINE=$(uname -m)"
echo "CPUS=$(nproc)"
sed -n 's/^CapBnd:[[:space:]]*/CAPABILITIES=/p' /proc/self/status
"""
_SYS_RESOURCE = 1 << 24


class Init(StrEnum):
    """Who keeps daemons alive: systemd, or our own keeper where process 1 is something else."""

    SYSTEMD = "systemd"
    KEEPER = "keeper"


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What runs here."""

    name: str
    family: tuple[str, ...]
    init: Init
    root: bool
    architecture: str
    cpus: int
    may_raise_limits: bool
    """Whether CAP_SYS_RESOURCE is there, without which no process may be shielded from the OOM killer."""


def parse(text: str) -> System:
    """System from what COMMAND printed."""
    values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    plain = {key: value.strip('"') for key, value in values.items()}
    return System(
        name=plain.get("PRETTY_NAME", "unknown Linux"),
        family=(plain.get("ID", ""), *plain.get("ID_LIKE", "").split()),
        init=Init.SYSTEMD if plain["INIT"] == "systemd" else Init.KEEPER,
        root=plain["UID_IS"] == "0",
        architecture=plain["MACHINE"],
        cpus=int(plain["CPUS"]),
        may_raise_limits=bool(int(plain["CAPABILITIES"], 16) & _SYS_RESOURCE),
    )
