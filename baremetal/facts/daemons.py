"""The cluster's daemons: were they ever started, in which generation, and do they live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from baremetal.paths import INITIALISED, KUBERNETES_FOLDERS, OWNED, ROOT, pid_file

NAMES = ("containerd", "kubelet")
COMMAND = f"""
test -e {INITIALISED} && echo initialised
test -e {OWNED} && echo owned
for folder in {" ".join(KUBERNETES_FOLDERS)}; do
  test -d $folder && test -n "$(ls -A $folder)" && echo "folder $folder"
done
for name in {" ".join(NAMES)}; do
  pid=$(cat {pid_file("$name")} 2>/dev/null)
  if test -n "$pid" && tr '\\0' ' ' </proc/$pid/cmdline 2>/dev/null | grep -q "{ROOT}/bin/keep $name"; then state=alive
  elif test -d /run/systemd/system && systemctl is-active --quiet microfoundry-$name; then state=alive
  else state=dead; fi
  echo "daemon $name $state $(cat {ROOT}/$name.generation 2>/dev/null || echo 0)"
done
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Daemon:
    """Generation 0 was never started."""

    alive: bool
    generation: int

    @property
    def wanted_generation(self) -> int:
        """The running one; a new one when it has died, so that the plan shows that it is to be started again."""
        return max(self.generation, 1) if self.alive or not self.generation else self.generation + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Daemons:
    """What is left or running of a cluster that was made here before."""

    owned: bool
    initialised: bool
    folders: tuple[str, ...]
    """Kubernetes' folders that hold something."""
    by_name: Mapping[str, Daemon]


def parse(text: str) -> Daemons:
    """Daemons from what COMMAND printed."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    words = {fields[0] for fields in lines if len(fields) == 1}
    return Daemons(
        owned="owned" in words,
        initialised="initialised" in words,
        folders=tuple(fields[1] for fields in lines if fields[0] == "folder"),
        by_name={
            fields[1]: Daemon(alive=fields[2] == "alive", generation=int(fields[3]))
            for fields in lines
            if fields[0] == "daemon"
        },
    )
