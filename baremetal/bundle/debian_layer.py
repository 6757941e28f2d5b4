"""A layer of Debian packages upon the shared root: only what they add or change."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from baremetal.bundle.debian import apt_of, installed, require_tools
from baremetal.bundle.debian_root import ENTER, LAYER, PREPARE, ROOT, quoted, tree_names
from baremetal.bundle.layer import LayerWriter
from baremetal.bundle.model import Lane, Output
from baremetal.bundle.work import Job

_INSTALL = """
chroot "$root" sh -eu -c {before}
chroot "$root" apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-unsafe-io \
  -o APT::Keep-Downloaded-Packages=true -o APT::Sandbox::User=root {packages}
chroot "$root" sh -eu -c {after}
rm -f "$root/usr/sbin/policy-rc.d" "$root/etc/resolv.conf"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebianLayer:
    """Packages on a base, with shell commands before and after their installation."""

    packages: tuple[str, ...]
    base: str = "debian-root"
    before: str = ":"
    after: str = ":"
    space: int = 600 << 20
    how: str = "from Debian packages"
    lane: Lane = Lane.DEBIAN

    @property
    def needs(self) -> tuple[str, ...]:
        """The root on which the packages are installed."""
        return (self.base,)

    def recipe(self) -> Mapping[str, object]:
        """Packages and commands; the base counts by its own digest."""
        return {"kind": "debian layer", "packages": self.packages, "before": self.before, "after": self.after}

    def make(self, job: Job) -> Output:
        """Install on a copy of the base, and keep the difference."""
        require_tools()
        apt = apt_of(job)
        apt.refresh(job)
        base = job.ingredients[self.base].folder / ROOT
        with job.store.staging("root") as staging:
            root = staging / ROOT
            job.run(["cp", "-a", "--reflink=auto", str(base), str(root)])
            job.say(f"installing {', '.join(self.packages)}")
            script = _INSTALL.format(
                before=quoted(self.before), after=quoted(self.after), packages=" ".join(self.packages)
            )
            job.run([*ENTER, PREPARE + script, "sh", str(root), str(apt.archives), str(apt.lists)])
            job.say("writing the layer")
            write_difference(base, root, job.folder / LAYER)
            old, new = installed(base), installed(root)
        return Output(files={LAYER: LAYER}, packages={name: new[name] for name in new if old.get(name) != new[name]})


def write_difference(base: Path, root: Path, target: Path) -> None:
    """Write what `root` has beyond `base`, and hide what it has no more."""
    before, after = set(tree_names(base)), tree_names(root)
    changed = [name for name in after if name not in before or _differs(base / name, root / name)]
    removed = sorted(before - set(after))
    with LayerWriter(target) as writer:
        writer.copy(root, changed)
        for name in removed:
            if str(Path(name).parent) not in removed:
                writer.whiteout(name)


def _differs(old: Path, new: Path) -> bool:
    before, after = os.lstat(old), os.lstat(new)
    if stat.S_ISDIR(before.st_mode) and stat.S_ISDIR(after.st_mode):
        return _rights(before) != _rights(after)
    return (*_rights(before), before.st_size, before.st_mtime_ns) != (
        *_rights(after),
        after.st_size,
        after.st_mtime_ns,
    )


def _rights(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_mode, status.st_uid, status.st_gid
