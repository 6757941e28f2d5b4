"""Where made things lie: one folder each, named by what went in, complete or absent."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from baremetal.bundle import digest
from baremetal.errors import BundleBusy

RECORD = "made.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished part or ingredient: what it consists of, and how it was had."""

    name: str
    version: str
    how: str
    digest: str
    folder: Path
    files: Mapping[str, Path] = field(default_factory=dict)
    images: Mapping[str, Path] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    checksums: Mapping[str, str] = field(default_factory=dict)
    packages: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def to_json(self) -> dict[str, object]:
        """The record as plain data, with paths relative to its folder."""
        data = asdict(self)
        data["folder"] = str(self.folder)
        for key in ("files", "images"):
            data[key] = {name: str(path.relative_to(self.folder)) for name, path in getattr(self, key).items()}
        return data


def cache_folder() -> Path:
    """`$MF_CACHE`, or the user's cache folder."""
    chosen = os.environ.get("MF_CACHE")
    return Path(chosen).expanduser() if chosen else Path.home() / ".cache" / "microfoundry"


class Store:
    """Content-addressed folders beneath the cache; a folder appears only when it is complete."""

    def __init__(self, cache: Path | None = None) -> None:
        self.cache = cache or cache_folder()
        self.root = self.cache / "bundle"
        self._made = self.root / "made"
        self._temporary = self.root / "tmp"

    def folder_of(self, name: str, wanted: str) -> Path:
        """Where the thing of this name and digest lies, or would lie."""
        return self._made / f"{name}-{wanted[: digest.SHORT]}"

    def find(self, name: str, wanted: str) -> Made | None:
        """The finished thing of this name and digest, if it is there and whole."""
        folder = self.folder_of(name, wanted)
        try:
            data = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        made = _from_json(data, folder)
        whole = all(_size(folder / path) == size for path, size in made.sizes.items())
        return made if whole and made.digest == wanted else None

    @contextmanager
    def staging(self, name: str) -> Iterator[Path]:
        """A folder to work in, on the same disk, gone afterwards unless it was published."""
        self._temporary.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self._temporary))
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, made: Made) -> Made:
        """Move a finished staging folder to its place, in one step."""
        target = self.folder_of(made.name, made.digest)
        moved = _moved(made, target)
        (made.folder / RECORD).write_text(json.dumps(moved.to_json(), indent=1, sort_keys=True), encoding="utf-8")
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            shutil.rmtree(target)
        made.folder.rename(target)
        return moved

    def sweep(self) -> None:
        """Remove what an interrupted run left behind; only the holder of the lock may call this."""
        shutil.rmtree(self._temporary, ignore_errors=True)

    def keep_only(self, current: Collection[Path]) -> list[Path]:
        """Remove all finished things but these; only the holder of the lock may call this."""
        folders = sorted(self._made.iterdir()) if self._made.exists() else []
        outdated = [folder for folder in folders if folder not in current]
        for folder in outdated:
            shutil.rmtree(folder)
        return outdated

    @contextmanager
    def lock(self, *, wait: float = 0.0) -> Iterator[None]:
        """Hold the cache alone; waits so many seconds for another run to end."""
        self.root.mkdir(parents=True, exist_ok=True)
        path = self.root / "lock"
        with path.open("a+", encoding="utf-8") as handle:
            _acquire(handle.fileno(), path, wait)
            handle.truncate(0)
            handle.write(str(os.getpid()))
            handle.flush()
            self.sweep()
            yield


def _acquire(descriptor: int, path: Path, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                holder = path.read_text(encoding="utf-8").strip() or "unknown"
                raise BundleBusy(str(path), holder) from error
        time.sleep(0.2)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1


def _from_json(data: dict[str, object], folder: Path) -> Made:
    for key in ("files", "images"):
        relative = data[key]
        assert isinstance(relative, dict)
        data[key] = {name: folder / path for name, path in relative.items()}
    return Made(**{**data, "folder": folder})  # type: ignore[arg-type]  # the record was written by to_json


def _moved(made: Made, target: Path) -> Made:
    data = made.to_json()
    return _from_json(data, target)
