"""Debian packages: a private apt that leaves the machine's own untouched, a root file system, and layers upon it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from baremetal.bundle.work import Job
from baremetal.errors import NotRoot, ToolMissing

SUITE = "bookworm"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
ARCHIVE_VARIABLE = "MF_DEBIAN_ARCHIVE"
"""Names a mirror of Debian, where it is not to be the one that this machine takes its own packages from."""
_INDEX_LIFETIME = 6 * 3600
_INSTALL_TOOLS = ("apt-get", "dpkg-deb", "chroot", "unshare", "tar")


def source_lines() -> list[str]:
    """Where packages come from: the mirror that is named, else the one that this machine itself uses."""
    archive = os.environ.get(ARCHIVE_VARIABLE) or _machine_archive()
    if not archive:
        raise ToolMissing("a mirror of Debian", f"set {ARCHIVE_VARIABLE} to the URL of one that has {SUITE}")
    security = archive.replace("/debian", "/debian-security") if archive.endswith("/debian") else archive + "-security"
    suites = ((archive, SUITE), (archive, f"{SUITE}-updates"), (security, f"{SUITE}-security"))
    return [f"deb [signed-by={KEYRING}] {place} {suite} main" for place, suite in suites]


def _machine_archive() -> str | None:
    if not shutil.which("apt-get"):
        return None
    # Known before the first `apt-get update` as well, which names of suites and origins are not.
    answer = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(URI)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    match = re.search(rf"^(\S+?)/?/dists/{SUITE}/main/binary-", answer.stdout, re.MULTILINE)
    return match[1] if match else None


def require_tools() -> None:
    """Refuse before starting what this machine or user can't do."""
    for tool in _INSTALL_TOOLS:
        if not shutil.which(tool):
            raise ToolMissing(tool, "images with a Debian root are made on Debian or Ubuntu: install `apt` and `dpkg`")
    if not Path(KEYRING).exists():
        raise ToolMissing(KEYRING, "install it with: apt-get install debian-archive-keyring")
    if os.geteuid() != 0:
        raise NotRoot("install Debian packages into the root file system of an image")


@dataclass(frozen=True, slots=True, kw_only=True)
class Apt:
    """A package index and a store of downloaded packages of our own."""

    folder: Path

    @property
    def archives(self) -> Path:
        """Where downloaded packages lie."""
        return self.folder / "archives"

    @property
    def lists(self) -> Path:
        """Where the package indexes lie."""
        return self.folder / "lists"

    def options(self) -> list[str]:
        """Options that keep apt away from the machine's own state and settings."""
        settings = {
            "Dir::State": self.folder,
            "Dir::State::lists": self.lists,
            "Dir::State::status": self.folder / "status",
            "Dir::Cache": self.folder,
            "Dir::Cache::archives": self.archives,
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "APT::Install-Recommends": "false",
            "APT::Sandbox::User": "root",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
        }
        return [part for key, value in settings.items() for part in ("-o", f"{key}={value}")]

    def refresh(self, job: Job) -> None:
        """Fetch the package indexes, unless they are of today."""
        with _REFRESHING:
            stamp = self.folder / "refreshed"
            if stamp.exists() and time.time() - stamp.stat().st_mtime < _INDEX_LIFETIME:
                return
            for folder in (self.archives / "partial", self.lists / "partial"):
                folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "status").touch()
            (self.folder / "sources.list").write_text("\n".join(source_lines()) + "\n", encoding="utf-8")
            job.say("fetching the Debian package index")
            job.run(["apt-get", *self.options(), "-qq", "update"])
            stamp.touch()

    def download(self, job: Job, packages: Sequence[str]) -> list[Path]:
        """Fetch packages with all that they depend on; returns their files."""
        self.refresh(job)
        install = ["apt-get", *self.options(), "install", "-y", "-qq"]
        job.run([*install, "--download-only", *packages])
        listing = job.run(
            [*install, "--print-uris", "--reinstall", "-o", "Dir::Cache::archives=/nonexistent", *packages]
        )
        return [self.archives / name for name in re.findall(r"^'\S+' (\S+\.deb) ", listing, re.MULTILINE)]


_REFRESHING = threading.Lock()


def apt_of(job: Job) -> Apt:
    """The private apt of the job's cache."""
    return Apt(folder=job.store.cache / "debian")


def installed(root: Path) -> Mapping[str, str]:
    """Package → version, as the root's own dpkg knows them."""
    status = (root / "var/lib/dpkg/status").read_text(encoding="utf-8")
    names = re.findall(r"^Package: (\S+)$", status, re.MULTILINE)
    versions = re.findall(r"^Version: (\S+)$", status, re.MULTILINE)
    return dict(zip(names, versions, strict=True))
