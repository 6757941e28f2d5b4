"""A small Debian root file system: the shared lowest layer of every image that is not made from scratch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from baremetal.bundle.debian import SUITE, Apt, apt_of, installed, require_tools, source_lines
from baremetal.bundle.layer import LayerWriter
from baremetal.bundle.model import Lane, Output
from baremetal.bundle.work import Job

LAYER = "layer.tar"
ROOT = "root"
# What a container never reads, left out as Debian's own slim images do.
LEFT_OUT = ("usr/share/doc", "usr/share/man", "usr/share/info", "usr/share/locale", "usr/share/lintian")
_MERGED = ("bin", "sbin", "lib", "lib64")
_CHANGING = ("proc/", "sys/", "dev/", "tmp/", "var/cache/apt/", "var/lib/apt/lists/", "var/log/")
_CHANGING_FILES = ("etc/resolv.conf", "usr/sbin/policy-rc.d", "var/cache/ldconfig/aux-cache", "etc/hostname")
# Mounts made in a namespace of their own vanish with the process, whatever ends it.
ENTER = ("unshare", "--mount", "--propagation", "private", "sh", "-eu", "-c")
PREPARE = """
root=$1 archives=$2 lists=$3
mkdir -p "$root/proc" "$root/dev" "$root/tmp" "$root/var/cache/apt/archives" "$root/var/lib/apt/lists"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$archives" "$root/var/cache/apt/archives"
mount --bind "$lists" "$root/var/lib/apt/lists"
printf '#!/bin/sh\\nexit 101\\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
cp /etc/resolv.conf "$root/etc/resolv.conf"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/tmp
"""
_INSTALL = """
chroot "$root" sh -eu -c 'cd /var/cache/apt/archives; dpkg --force-unsafe-io --force-depends --install "$@"' sh {debs}
chroot "$root" sh -eu -c {setup}
rm -f "$root/usr/sbin/policy-rc.d" "$root/etc/resolv.conf"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebianRoot:
    """Debian's essential packages and a few more, configured, with a working apt."""

    packages: tuple[str, ...]
    setup: str
    space: int = 700 << 20
    how: str = "from Debian packages"
    lane: Lane = Lane.DEBIAN
    needs: tuple[str, ...] = ()

    def recipe(self) -> Mapping[str, object]:
        """Suite, packages and set-up; which versions they were then is told by the result."""
        return {
            "kind": "debian root",
            "suite": SUITE,
            "packages": self.packages,
            "setup": self.setup,
            "left out": LEFT_OUT,
        }

    def make(self, job: Job) -> Output:
        """Unpack, configure, and write the layer."""
        require_tools()
        apt = apt_of(job)
        debs = apt.download(job, ["?essential", *self.packages])
        root = job.folder / ROOT
        job.say(f"unpacking {len(debs)} packages")
        _unpack(job, root, debs)
        job.say("configuring")
        _configure(job, root, apt, [deb.name for deb in debs], self.setup)
        names = tree_names(root)
        with LayerWriter(job.folder / LAYER) as writer:
            writer.copy(root, names)
        return Output(files={LAYER: LAYER}, packages=installed(root))


def tree_names(root: Path) -> list[str]:
    """All paths beneath a root that belong into a layer, in a fixed order."""
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*"))
    return [name for name in names if not name.startswith(_CHANGING) and name not in _CHANGING_FILES]


def _unpack(job: Job, root: Path, debs: list[Path]) -> None:
    """A first, raw unpacking gives dpkg the programs that it needs to install anything."""
    (root / "usr").mkdir(parents=True)
    for name in _MERGED:
        (root / "usr" / name).mkdir()
        (root / name).symlink_to(f"usr/{name}")
    rules = root / "etc/dpkg/dpkg.cfg.d/slim"
    rules.parent.mkdir(parents=True)
    excludes = [f"path-exclude=/{folder}/*" for folder in LEFT_OUT]
    rules.write_text("\n".join([*excludes, "path-include=/usr/share/doc/*/copyright"]) + "\n", encoding="utf-8")
    script = 'for deb in "$@"; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$0" --keep-directory-symlink {}; done'
    left_out = " ".join(f"--exclude='./{folder}/*'" for folder in LEFT_OUT)
    job.run(["sh", "-eu", "-c", script.format(left_out), str(root), *map(str, debs)])


def _configure(job: Job, root: Path, apt: Apt, debs: list[str], setup: str) -> None:
    sources = root / "etc/apt/sources.list"
    sources.write_text("\n".join(source_lines()) + "\n", encoding="utf-8")
    (root / "var/lib/dpkg/status").touch()
    install = _INSTALL.format(debs=" ".join(debs), setup=quoted(setup))
    job.run([*ENTER, PREPARE + install, "sh", str(root), str(apt.archives), str(apt.lists)])


def quoted(script: str) -> str:
    """A script as one word of a shell command."""
    return "'" + script.replace("'", "'\\''") + "'"
