"""Which ports a container listens on, read from the kernel's own table."""

from __future__ import annotations

COMMAND = ("cat", "/proc/net/tcp", "/proc/net/tcp6")
_LISTEN = "0A"
_LOOPBACKS = ("0100007F", "00000000000000000000000001000000")


def listening(table: str) -> dict[int, bool]:
    """Port → whether only loopback can reach it."""
    found: dict[int, bool] = {}
    for line in table.splitlines():
        columns = line.split()
        if len(columns) < 4 or ":" not in columns[1] or columns[3] != _LISTEN:
            continue
        address, _, port = columns[1].rpartition(":")
        number = int(port, 16)
        found[number] = found.get(number, True) and address in _LOOPBACKS
    return found
