"""How much memory and disk the machine has to spare."""

from __future__ import annotations

from dataclasses import dataclass

COMMAND = """
echo "disk $(df --output=avail -B1 /var/lib | tail -n 1)"
awk '/^(MemTotal|MemAvailable|SwapTotal):/ {print $1, sprintf("%.0f", $2 * 1024)}' /proc/meminfo
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """In bytes; `disk` is free space where the cluster keeps its data."""

    disk: int
    memory: int
    memory_available: int
    swap: int


def parse(text: str) -> Room:
    """Room from what COMMAND printed."""
    values = {key.rstrip(":"): int(value) for key, value in (line.split() for line in text.splitlines() if line)}
    return Room(
        disk=values["disk"],
        memory=values["MemTotal"],
        memory_available=values["MemAvailable"],
        swap=values["SwapTotal"],
    )
