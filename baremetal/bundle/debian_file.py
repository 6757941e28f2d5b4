"""One file out of a Debian package, such as a static program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from baremetal.bundle.debian import SUITE, apt_of
from baremetal.bundle.model import Lane, Output
from baremetal.bundle.work import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class DebianFile:
    """A file of a package, unpacked without installing anything; needs no root."""

    package: str
    member: str
    space: int = 10 << 20
    how: str = "from a Debian package"
    lane: Lane = Lane.DEBIAN
    needs: tuple[str, ...] = ()

    def recipe(self) -> Mapping[str, object]:
        """Suite, package and path."""
        return {"kind": "debian file", "suite": SUITE, "package": self.package, "member": self.member}

    def make(self, job: Job) -> Output:
        """Fetch the package and keep the file."""
        apt = apt_of(job)
        apt.refresh(job)
        name = Path(self.member).name
        with job.store.staging("deb") as staging:
            job.run(["apt-get", *apt.options(), "-qq", "download", self.package], cwd=staging)
            (deb,) = staging.glob("*.deb")
            job.run(["dpkg-deb", "-x", str(deb), str(staging / "root")])
            (staging / "root" / self.member).rename(job.folder / name)
        return Output(files={name: name})
