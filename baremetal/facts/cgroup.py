"""Which generation of control groups the kernel offers, and which controllers are missing."""

from __future__ import annotations

from dataclasses import dataclass

COMMAND = """
stat -f -c 'type=%T' /sys/fs/cgroup
cat /sys/fs/cgroup/cgroup.controllers 2>/dev/null | sed 's/^/v2=/' || true
awk 'NR > 1 && $4 == 1 {print "v1=" $1}' /proc/cgroups
"""
NEEDED = ("cpu", "cpuset", "memory", "pids")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cgroup:
    """`version` is 1 for the hybrid layout as well, as its controllers are the old ones."""

    version: int
    controllers: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Controllers that kubelet needs and the kernel has not."""
        return tuple(name for name in NEEDED if name not in self.controllers)


def parse(text: str) -> Cgroup:
    """Cgroup from what COMMAND printed."""
    lines = [line.split("=", 1) for line in text.splitlines() if "=" in line]
    version = 2 if ["type", "cgroup2fs"] in lines else 1
    words = " ".join(value for key, value in lines if key == f"v{version}")
    return Cgroup(version=version, controllers=tuple(sorted(words.split())))
