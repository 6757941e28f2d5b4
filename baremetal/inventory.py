"""What a cluster could leave on a machine: taken before and after, and compared.

python -m baremetal.inventory save FILE    before the cluster is made
python -m baremetal.inventory diff FILE    after it was taken away: prints what differs, exit code 1 if anything does
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from baremetal import transport as transports
from baremetal.errors import BareMetalError
from baremetal.paths import KUBERNETES_FOLDERS, ROOT, RUN
from baremetal.transport import LocalTransport, Transport

Inventory: TypeAlias = Mapping[str, tuple[str, ...]]
"""Topic → its lines, sorted."""

_FOLDERS = (
    *KUBERNETES_FOLDERS,
    ROOT,
    RUN,
    "/etc/cni",
    "/etc/containerd",
    "/etc/systemd/system",
    "/opt/cni",
    "/opt/containerd",
    "/run/containerd",
    "/run/netns",
    "/usr/sbin/policy-rc.d",
    "/usr/local/bin",
    "/var/lib/cni",
    "/var/lib/containerd",
    "/var/lib/etcd",
    "$HOME/.config/microfoundry",
    "$HOME/.kube",
)
_SYSCTLS = "net/ipv4/ip_forward net/ipv4/conf net/bridge net/netfilter vm kernel/panic* kernel/keys fs/inotify"
_PROCESSES = r"containerd|kubelet|kube-(apiserver|proxy|scheduler|controller)|/etcd |coredns|/pause|microfoundry/bin"

TOPICS: Mapping[str, str] = {
    # A bracket around the first letter would not do here: the pattern is an argument of this very shell.
    "processes": f"""
        for folder in /proc/[0-9]*; do
          [ "$(readlink $folder/exe)" = "$(readlink /proc/$$/exe)" ] && [ "${{folder#/proc/}}" = $$ ] && continue
          tr '\\0' ' ' <$folder/cmdline | head -c 200 | grep -aE '^[^ ]*({_PROCESSES})|^[^ ]*bash [^ ]*{ROOT}'
        done""",
    "mounts": "awk '{print $5}' /proc/self/mountinfo | grep -vE '^/(tmp|root|home)/'",
    "interfaces": "ls /sys/class/net",
    "rules": """
        for tool in iptables ip6tables iptables-legacy ip6tables-legacy; do
          command -v $tool-save >/dev/null || continue
          case $tool in *-legacy) cat /proc/net/ip*_tables_names 2>/dev/null | grep -q . || continue ;; esac
          $tool-save 2>/dev/null | grep -E '^(-A|:[^ ]+ -)' | sed "s/ \\[.*//; s/^/$tool /"
        done
        ipset list -n 2>/dev/null | sed 's/^/ipset /'""",
    "sysctls": f"""
        cd /proc/sys; find {_SYSCTLS} -type f -readable ! -name '*count*' 2>/dev/null |
          grep -vE '/conf/(veth|mf)' | while read -r key; do
            echo "$key = $(tr '\\n\\t' '  ' <$key)"; done 2>/dev/null""",
    "cgroups": "find /sys/fs/cgroup -maxdepth 2 -type d | grep -E 'kube|microfoundry|containerd'",
    "files": f"find {' '.join(_FOLDERS)} -xdev 2>/dev/null | head -n 20000",
    "packages": "dpkg-query -W -f='${Package} ${Status}\\n' 2>/dev/null",
    "ports": "awk '$4 == \"0A\" {print $2}' /proc/net/tcp /proc/net/tcp6",
}


def take(transport: Transport) -> Inventory:
    """Read every topic. Raises ScriptFailed."""
    return {topic: _lines(transports.read(transport, f"{script}\ntrue")) for topic, script in TOPICS.items()}


def compare(before: Inventory, after: Inventory) -> list[str]:
    """One line per difference; empty when the machine is as it was."""
    found: list[str] = []
    for topic in TOPICS:
        old, new = set(before.get(topic, ())), set(after.get(topic, ()))
        found += [f"{topic}: new: {line}" for line in _topmost(new - old)]
        found += [f"{topic}: gone: {line}" for line in _topmost(old - new)]
    return found


def _topmost(lines: set[str]) -> list[str]:
    """Sorted; what lies in a folder that is named already adds nothing."""
    return sorted(line for line in lines if line.rpartition("/")[0] not in lines)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(sorted({line.strip() for line in text.splitlines() if line.strip()}))


def main(arguments: list[str]) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m baremetal.inventory", description=__doc__)
    parser.add_argument("command", choices=("save", "diff"))
    parser.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    try:
        now = take(LocalTransport())
        if options.command == "save":
            options.file.write_text(json.dumps(now, indent=1), encoding="utf-8")
            print(", ".join(f"{len(lines)} {topic}" for topic, lines in now.items()))
            return 0
        differences = compare(json.loads(options.file.read_text(encoding="utf-8")), now)
    except (BareMetalError, OSError, json.JSONDecodeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("\n".join(differences) or "the machine is as it was")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
