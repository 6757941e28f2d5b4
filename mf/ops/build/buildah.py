"""Building on this machine with buildah: no daemon, layers cached, straight into the platform's registry."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mf.ops import scratch
from mf.ops.build import client_settings, process
from mf.ops.build.builder import BuildRequest, Say
from mf.ops.build.cause import cause, last_lines
from mf.ops.build.errors import BuilderMissing, BuildFailed, RegistryFull, UploadFailed
from mf.ops.build.registry import Registry

_FULL = (
    "no space left",
    "insufficient storage",
    "507",
    "quota exceeded",
    "denied: requested access to the resource is denied: quota",
)
_NO_BASE = re.compile(r"initializing source docker://(?P<image>[^\s]+): .*?(?P<why>[^: ][^:]*)$")
_NEEDED_BYTES = 1024**3
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")


@dataclass(frozen=True, kw_only=True)
class Buildah:
    """`home` keeps layers and package caches between builds; `run_root` holds what a reboot may take."""

    home: Path
    registry: str
    run_root: Path = Path("/run/microfoundry/buildah")
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    name: str = "buildah"

    def check(self) -> None:
        """Root, buildah and room on the disk, or what to do."""
        if shutil.which("buildah", path=self.environ.get("PATH")) is None:
            raise BuilderMissing(
                "buildah is not on this machine, so no source can be built here",
                hint="apt-get install buildah (as root), or push an image: mf push NAME --image REF",
            )
        if os.geteuid() != 0:
            raise BuilderMissing(
                "building from source needs root, as buildah runs the build's steps in a chroot",
                hint="run it with sudo, or push an image: mf push NAME --image REF",
            )
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        free = shutil.disk_usage(self.home).free
        if free < _NEEDED_BYTES:
            raise BuilderMissing(
                f"{free // 1024**2} MiB are free at {self.home}, a build needs {_NEEDED_BYTES // 1024**2} MiB",
                hint=f"make room; rm -rf {self.home} drops only caches",
            )

    def build(self, request: BuildRequest, say: Say) -> str:
        """Run the recipe over the staged source; steps whose inputs are the same come from the cache."""
        with self._locked() as lock, scratch.folder("build") as name:
            folder = Path(name)
            (folder / "Dockerfile").write_text(request.recipe.dockerfile, encoding="utf-8")
            lent = client_settings.mounts(
                client_settings.Machine(home=Path(self.environ.get("HOME", "/root")), environ=self.environ),
                request.recipe.language,
                folder=folder,
                caches=self.home / "packages",
            )
            command = self._build_command(request, folder, lent)
            ended = process.run(command, env=self._env(), say=say, keep=(lock,))
            if ended.code:
                raise _failed(request.app, ended.tail)
            return (folder / "image-id").read_text(encoding="utf-8").strip()

    def upload(self, image: str, request: BuildRequest, say: Say) -> str:
        """Push the layers that the registry lacks, and name the image by the digest it got there."""
        with self._locked() as lock, scratch.folder("push") as name:
            digest = Path(name) / "digest"
            command = [
                *self._base(),
                "push",
                *self._trust(),
                *(["--tls-verify=false"] if Registry(self.registry).plain else []),
                "--digestfile",
                str(digest),
                image,
                f"docker://{request.repository}:latest",
            ]
            ended = process.run(command, env=self._env(), say=say, keep=(lock,))
            if ended.code:
                raise _refused(self.registry, ended.tail)
            return f"{request.repository}@{digest.read_text(encoding='utf-8').strip()}"

    def _build_command(self, request: BuildRequest, folder: Path, lent: Sequence[client_settings.Mount]) -> list[str]:
        return [
            *self._base(),
            "build",
            *self._trust(),
            "--layers",
            "--isolation=chroot",
            "--network=host",
            "--format=oci",
            f"--file={folder / 'Dockerfile'}",
            f"--iidfile={folder / 'image-id'}",
            *(f"--volume={mount.volume}" for mount in lent),
            str(request.context),
        ]

    def _base(self) -> list[str]:
        return [
            "buildah",
            f"--root={self.home / 'storage'}",
            f"--runroot={self.run_root}",
            "--storage-driver=overlay",
            f"--registries-conf={self._registries()}",
        ]

    def _trust(self) -> list[str]:
        policy = self.home / "policy.json"
        _put(policy, '{"default": [{"type": "insecureAcceptAnything"}]}\n')
        return [f"--signature-policy={policy}"]

    def _registries(self) -> Path:
        """Short names such as `microfoundry/python:3.11` mean the platform's registry; it mirrors Docker Hub, too."""
        file = self.home / f"registries-{self.registry.replace(':', '-')}.conf"
        insecure = str(Registry(self.registry).plain).lower()
        _put(
            file,
            f'unqualified-search-registries = ["{self.registry}", "docker.io"]\nshort-name-mode = "disabled"\n'
            f'[[registry]]\nlocation = "{self.registry}"\ninsecure = {insecure}\n'
            f'[[registry]]\nprefix = "docker.io"\nlocation = "docker.io"\n'
            f'[[registry.mirror]]\nlocation = "{self.registry}"\ninsecure = {insecure}\n',
        )
        return file

    def _env(self) -> dict[str, str]:
        """What buildah itself needs, not all that this shell knows."""
        names = ("PATH", "HOME", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "REGISTRY_AUTH_FILE", "TMPDIR", *_PROXIES)
        return {name: self.environ[name] for name in names if name in self.environ}

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """A shared lock that the buildah child keeps too; whoever gets it alone clears what a killed build left."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if _alone(lock) and self._has_leftovers():
                process.run([*self._base(), "rm", "--all"], env=self._env(), say=lambda _: None, keep=(lock,))
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield lock
        finally:
            os.close(lock)

    def _has_leftovers(self) -> bool:
        file = self.home / "storage" / "overlay-containers" / "containers.json"
        return file.is_file() and bool(json.loads(file.read_text(encoding="utf-8") or "[]"))


def _alone(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _put(file: Path, text: str) -> None:
    """Write once, in one step, so that builds beside this one never read half a file."""
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        return
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)


def _failed(app: str, tail: Sequence[str]) -> BuildFailed:
    """What a step of the build said; where it did not come to that, which base image is missing."""
    missing = next((match for line in tail if (match := _NO_BASE.search(line))), None)
    if missing is None:
        return BuildFailed(f"the build of {app} failed: {cause(tail)}", reasons=last_lines(tail))
    return BuildFailed(
        f"the build of {app} failed: its base image {missing['image']} can't be pulled: {missing['why']}",
        hint="build on one of the platform's, e.g. FROM microfoundry/python:3.11, or put it into its registry",
    )


def _refused(registry: str, tail: Sequence[str]) -> UploadFailed:
    text = " ".join(tail).lower()
    if any(sign in text for sign in _FULL):
        return RegistryFull(
            f"the platform's registry at {registry} is full; the image was not stored",
            hint="delete apps that are no longer needed, or give the registry's volume more room",
        )
    why = next((line for line in reversed(tail) if line.strip()), "no reason given").rpartition(": ")[2]
    return UploadFailed(f"the platform's registry at {registry} did not take the image: {why}")
