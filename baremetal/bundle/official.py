"""Parts as their makers publish them: files with a checksum beside them, images from public registries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from baremetal.bundle.download import fetch, is_reachable
from baremetal.bundle.image import write_archive
from baremetal.bundle.model import Lane, Output
from baremetal.bundle.registry_pull import Puller
from baremetal.bundle.work import Job

ARCHIVE = "images.tar"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialFiles:
    """Released programs; each has its checksum at the same address with `.sha256` added."""

    files: Mapping[str, str]
    space: int = 250 << 20
    how: str = "official release"
    lane: Lane = Lane.LIGHT
    needs: tuple[str, ...] = ()

    def recipe(self) -> Mapping[str, object]:
        """The addresses, which name the version."""
        return {"kind": "official files", "files": dict(self.files)}

    def reachable(self) -> bool:
        """Whether the files themselves can be fetched, not only the site's front door."""
        return all(is_reachable(url) for url in self.files.values())

    def make(self, job: Job) -> Output:
        """Download and check."""
        for name, url in self.files.items():
            job.say(f"downloading {name}")
            fetch(url, job.folder / name).chmod(0o755)
        return Output(files={name: name for name in self.files})


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialImages:
    """Published images: our name → theirs, pinned by exact tag (every blob is checked against its digest)."""

    images: Mapping[str, str]
    space: int = 400 << 20
    how: str = "official image"
    lane: Lane = Lane.LIGHT
    needs: tuple[str, ...] = ()

    def recipe(self) -> Mapping[str, object]:
        """The names on both sides."""
        return {"kind": "official images", "images": dict(self.images)}

    def reachable(self) -> bool:
        """Whether manifest and config of every image can be fetched, redirects included."""
        return all(Puller(theirs).reachable() for theirs in self.images.values())

    def make(self, job: Job) -> Output:
        """Pull all images into one archive."""
        with job.store.staging("pull") as staging:
            packed = []
            for ours, theirs in self.images.items():
                job.say(f"pulling {theirs}")
                packed.append(Puller(theirs).pull(staging, name=ours))
            write_archive(job.folder / ARCHIVE, packed)
        return Output(images={ours: ARCHIVE for ours in self.images})
