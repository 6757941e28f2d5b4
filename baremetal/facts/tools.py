"""Programs that the steps call, and whether they are installed."""

from __future__ import annotations

from dataclasses import dataclass

ASKED = ("apt-get", "containerd", "runc", "iptables", "ip", "start-stop-daemon", "curl")
COMMAND = f"for tool in {' '.join(ASKED)}; do command -v $tool >/dev/null && echo $tool; done; true\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What of ASKED is there."""

    present: frozenset[str]


def parse(text: str) -> Tools:
    """Tools from what COMMAND printed."""
    return Tools(present=frozenset(text.split()))
