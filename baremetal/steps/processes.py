"""Bash functions that find and end the processes of pods: by their control groups and by our socket, never by name."""

from __future__ import annotations

FUNCTIONS = r"""
pod_groups() { find /sys/fs/cgroup/kubepods* /sys/fs/cgroup/*/kubepods* -maxdepth 0 -type d 2>/dev/null || true; }
pod_processes() {
  pod_groups | while read -r group; do find "$group" -name cgroup.procs -exec cat {} + 2>/dev/null || true; done
}
# Each container has a keeper (shim) that was told our socket's name when it was started.
shim_processes() {
  { grep -lzxF -- "$SOCKET" /proc/[0-9]*/cmdline 2>/dev/null || true; } | cut -d/ -f3 | while read -r pid; do
    case $(readlink "/proc/$pid/exe" || true) in *containerd-shim*) echo "$pid" ;; esac
  done
}
# end_all LISTER...: kill what they list until they list nothing.
end_all() {
  local round pids lister
  for round in $(seq 30); do
    pids=$(for lister in "$@"; do $lister; done | sort -u)
    [ -n "$pids" ] || return 0
    kill -KILL $pids 2>/dev/null || true
    sleep 0.2
  done
  fail "these processes of the cluster can't be ended:" $pids
}
"""
