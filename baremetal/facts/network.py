"""The machine's IPv4 routes and the TCP ports that are taken, read from /proc so that no tool is needed."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from itertools import takewhile

COMMAND = """
cat /proc/net/route
echo ports
cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || cat /proc/net/tcp
"""
_LISTEN = "0A"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A network and the interface by which it is reached."""

    interface: str
    network: ipaddress.IPv4Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`listening` holds every TCP port that something listens on, on whatever address."""

    routes: tuple[Route, ...]
    listening: frozenset[int]

    @property
    def default_interface(self) -> str:
        """The interface of the default route, or nothing on a machine that has none."""
        return next((route.interface for route in self.routes if route.network.prefixlen == 0), "")

    def conflicts(self, cidr: str, *, ours: frozenset[str]) -> tuple[Route, ...]:
        """Routes of others, the default route left out, that share addresses with a network."""
        wanted = ipaddress.IPv4Network(cidr)
        return tuple(
            route
            for route in self.routes
            if route.network.prefixlen and route.interface not in ours and route.network.overlaps(wanted)
        )


def parse(text: str) -> Network:
    """Network from what COMMAND printed."""
    lines = text.splitlines()
    routes = list(takewhile(lambda line: line != "ports", lines))
    sockets = (line.split() for line in lines[len(routes) + 1 :])
    return Network(
        routes=tuple(_route(line.split()) for line in routes if line and not line.startswith("Iface")),
        listening=frozenset(
            int(fields[1].rsplit(":", 1)[1], 16) for fields in sockets if len(fields) > 3 and fields[3] == _LISTEN
        ),
    )


def _route(fields: list[str]) -> Route:
    address, mask = (ipaddress.IPv4Address(_swapped(fields[index])) for index in (1, 7))
    return Route(interface=fields[0], network=ipaddress.IPv4Network(f"{address}/{mask}", strict=False))


def _swapped(word: str) -> int:
    """The kernel prints addresses as numbers of the machine's own, little-endian byte order."""
    return int.from_bytes(bytes.fromhex(word), "little")
