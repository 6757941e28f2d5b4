"""Debian packages that the machine lacks: installed in one go, remembered, and purged again in the end."""

from __future__ import annotations

from baremetal.facts.system import Init
from baremetal.model import ClusterConfig, Step
from baremetal.steps.shell import script

_CREATE = r"""
wanted=""
need() { command -v "$1" >/dev/null || wanted="$wanted $2"; }
need containerd containerd; need ctr containerd; need runc runc; need iptables iptables
need ip iproute2; need curl curl; need modprobe kmod
for program in $PROGRAMS; do need "$program" "$program"; done
[ -x /usr/lib/cni/portmap ] || [ -x /opt/cni/bin/portmap ] || wanted="$wanted containernetworking-plugins"
if [ -z "$wanted" ]; then say "all packages are there"; exit 0; fi
command -v apt-get >/dev/null || fail "missing:$wanted; this machine has no apt-get: install them, then run this again"

# No service of these packages may start by itself: the cluster runs its own instances.
guard=/usr/sbin/policy-rc.d
if [ ! -e $guard ]; then
  printf '#!/bin/sh\n# microfoundry: no service is started while its package is installed\nexit 101\n' >$guard
  chmod 755 $guard
fi
lift_guard() { ! grep -q '^# microfoundry' $guard 2>/dev/null || rm -f $guard; }
trap lift_guard EXIT

export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l
[ -z "$(dpkg --audit)" ] || dpkg --configure -a
apt() { apt-get -q -y -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$ROOT/apt/" --no-install-recommends "$@"; }
mkdir -p "$ROOT/apt/partial"
if ! apt -s install $wanted >"$ROOT/apt/plan" 2>&1; then
  say "reading the package lists"
  apt update
  apt -s install $wanted >"$ROOT/apt/plan" || fail "apt-get can't install$wanted: $(tail -n 3 "$ROOT/apt/plan")"
fi
# Written before the installation, so that an interrupted one is undone as well; upgrades are not ours.
sed -n 's/^Inst \([^ ]*\) (.*/\1/p' "$ROOT/apt/plan" >>"$ROOT/packages"
say "installing$wanted"
apt install $wanted >"$ROOT/log/apt.log" 2>&1 || { tail -n 20 "$ROOT/log/apt.log"; fail "apt-get install failed"; }
rm -rf "$ROOT/apt"
if [ "$INIT" = systemd ] && grep -qx containerd "$ROOT/packages"; then systemctl disable --quiet containerd || true; fi
say "installed $(sort -u "$ROOT/packages" | tr '\n' ' ')"
"""

_DELETE = r"""
[ -s "$ROOT/packages" ] || exit 0
[ -z "$(dpkg --audit)" ] || dpkg --configure -a
ours=$(sort -u "$ROOT/packages" | while read -r name; do
  if dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q ' installed\| config-files'; then echo "$name"; fi
done)
[ -z "$ours" ] || DEBIAN_FRONTEND=noninteractive dpkg --purge $ours >"$ROOT/log/purge.log" 2>&1 ||
  say "kept, because other packages need them now: $(sed -n 's/^ *\([^ ]*\)$/\1/p' "$ROOT/log/purge.log" | tr '\n' ' ')"
rm -f "$ROOT/packages"
"""


def step(config: ClusterConfig, init: Init) -> Step:
    """Install what is missing: the cluster's needs, and the platform's programs, each in a package of its name."""
    return Step(
        name="packages",
        summary=", ".join(("containerd", "runc", "CNI plugins", *config.platform_programs)),
        create=script(_CREATE, init=init, programs=" ".join(config.platform_programs)),
        delete=script(_DELETE),
        needs=("machine",),
    )
