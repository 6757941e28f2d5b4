"""Bash functions that start and stop daemons: by systemd where it runs, else by a keeper of our own.

Both give `daemon_alive NAME`, `daemon_start NAME`, `daemon_stop NAME` and `daemon_forget NAME`; what runs is the
program `$BIN/run-NAME`. Daemons are sessions of their own: they live on when whoever started them is killed.
"""

from __future__ import annotations

from baremetal.facts.system import Init

_SYSTEMD = r"""
daemon_alive() { systemctl is-active --quiet "microfoundry-$1"; }
daemon_start() {
  put "/etc/systemd/system/microfoundry-$1.service" <<UNIT || true
[Unit]
Description=MicroFoundry $1
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=$BIN/run-$1
Restart=always
RestartSec=1
KillMode=process
Delegate=yes
OOMScoreAdjust=-999
LimitNOFILE=1048576
TasksMax=infinity

[Install]
WantedBy=multi-user.target
UNIT
  systemctl daemon-reload
  systemctl enable --quiet "microfoundry-$1"
  systemctl restart "microfoundry-$1"
}
daemon_stop() { systemctl stop "microfoundry-$1" 2>/dev/null || true; }
daemon_log() { journalctl -u "microfoundry-$1" -n 20 --no-pager -o cat; }
daemon_forget() {
  daemon_stop "$1"
  systemctl disable --quiet "microfoundry-$1" 2>/dev/null || true
  rm -f "/etc/systemd/system/microfoundry-$1.service"
  systemctl daemon-reload
}
"""

_KEEPER = r"""
# is_process PID WORDS: whether that process is the one that we started (numbers are used again, also by a reboot).
is_process() { [ -n "$1" ] && { tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null | grep -qF -- "$2"; }
pid_in() { cat "$1" 2>/dev/null || true; }
end_process() {
  local pid; pid=$(pid_in "$1")
  if is_process "$pid" "$2"; then
    kill -TERM "$pid" 2>/dev/null || true
    wait_until 20 process_gone "$pid" "$2" || kill -KILL "$pid" 2>/dev/null || true
  fi
  rm -f "$1"
}
process_gone() { ! is_process "$1" "$2"; }
daemon_alive() { is_process "$(pid_in "$RUN/$1.pid")" "$BIN/keep $1"; }
daemon_start() {
  daemon_stop "$1"
  mkdir -p "$RUN" "$ROOT/log"
  put "$BIN/keep" <<'KEEP' || true
#!/bin/bash
# keep NAME: run a daemon, and run it again when it ends, until told to stop.
name=$1 run=/run/microfoundry bin=/var/lib/microfoundry/bin
echo $$ >"$run/$name.pid"
# The control groups of whoever started this must neither bound it nor end it.
for group in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs; do
  echo $$ 2>/dev/null >"$group" || true
done
ulimit -n "$(ulimit -Hn)"
trap 'stop=1; kill -TERM "$child" 2>/dev/null' TERM INT
while [ -z "$stop" ]; do
  "$bin/run-$name" & child=$!
  echo "$child" >"$run/$name.child"
  while kill -0 "$child" 2>/dev/null; do wait "$child"; done
  [ -n "$stop" ] || sleep 1
done
rm -f "$run/$name.child"
KEEP
  chmod 755 "$BIN/keep"
  start-stop-daemon --start --background --make-pidfile --pidfile "$RUN/$1.pid" \
    --output "$ROOT/log/$1.log" --chdir / --startas /bin/bash -- "$BIN/keep" "$1"
}
# keepers NAME: all of them, also one whose starter was killed before it could write down the number.
keepers() {
  local folder here; here=$(readlink /proc/$$/ns/pid)
  for folder in /proc/[0-9]*; do
    [ "$({ tr '\0' ' ' <"$folder/cmdline"; } 2>/dev/null)" = "/bin/bash $BIN/keep $1 " ] || continue
    [ "$(readlink "$folder/ns/pid")" != "$here" ] || echo "${folder#/proc/}"
  done
}
daemon_stop() {
  local pid
  for pid in $(keepers "$1"); do
    echo "$pid" >"$RUN/$1.pid"
    end_process "$RUN/$1.pid" "$BIN/keep $1"
  done
  end_process "$RUN/$1.child" "$ROOT/"
  rm -f "$RUN/$1.pid"
}
daemon_log() { tail -n 20 "$ROOT/log/$1.log" 2>/dev/null || true; }
daemon_forget() { daemon_stop "$1"; }
"""

_COMMON = r"""
# daemon_ensure NAME FILE...: running, and started with the present content of these files.
daemon_ensure() {
  local name=$1 stamp; shift
  stamp=$(cat "$@" "$BIN/run-$name" | sha256sum)
  if daemon_alive "$name" && [ "$(cat "$RUN/$name.stamp" 2>/dev/null)" = "$stamp" ]; then
    say "$name runs already"
  else
    say "starting $name"
    daemon_start "$name"
    printf '%s\n' "$stamp" >"$RUN/$name.stamp"
  fi
}
"""


def functions(init: Init) -> str:
    """The functions for machines with this init system."""
    return (_SYSTEMD if init is Init.SYSTEMD else _KEEPER) + _COMMON
