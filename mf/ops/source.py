"""The files of an app's folder that make up its source, and one digest over them."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pathspec import GitIgnoreSpec

from mf.errors import UsageError

MAX_BYTES = 1024**3
# Never part of an app: history, caches, and what the build makes anew from the lock files.
DEFAULT_IGNORES = (
    ".git/", ".hg/", ".svn/", "_darcs/", ".DS_Store", ".mfignore", "__pycache__/", "*.py[co]", ".venv/",
    ".mypy_cache/", ".pytest_cache/", ".ruff_cache/", ".tox/", "node_modules/", ".gradle/", "*.swp",
)  # fmt: skip
IGNORE_FILES = (".gitignore", ".mfignore")


class SourceError(UsageError):
    """A folder that cannot be pushed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or link: its path with forward slashes, whether it can be executed, its size."""

    name: str
    executable: bool
    link: str
    size: int


@dataclass(frozen=True)
class Source:
    """A folder's files after ignores, sorted by name."""

    root: Path
    entries: tuple[Entry, ...]

    @cached_property
    def names(self) -> frozenset[str]:
        """Paths relative to the root."""
        return frozenset(entry.name for entry in self.entries)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(entry.size for entry in self.entries)

    def read(self, name: str) -> str:
        """Text of a file; empty when the source has no such file."""
        if name not in self.names:
            return ""
        return (self.root / name).read_text(encoding="utf-8", errors="replace")

    @cached_property
    def digest(self) -> str:
        """SHA-256 over paths, modes and contents; times and the folder's place don't count."""
        total, root = hashlib.sha256(), f"{self.root}/"
        for entry in self.entries:
            kind = "l" if entry.link else "x" if entry.executable else "f"
            total.update(f"{kind} {entry.name}\0".encode())
            total.update(entry.link.encode() if entry.link else _content(root + entry.name))
        return total.hexdigest()

    def stage(self, target: Path) -> None:
        """Copy the source to a fresh folder, with times that depend on content alone, so that layers repeat."""
        for entry in self.entries:
            copy = target / entry.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            if entry.link:
                copy.symlink_to(entry.link)
                continue
            shutil.copyfile(self.root / entry.name, copy)
            copy.chmod(0o755 if entry.executable else 0o644)
            os.utime(copy, (0, _time_of(_content(str(copy)))))


def collect(root: Path, *, max_bytes: int = MAX_BYTES) -> Source:
    """Read a folder's file list, honouring the defaults and every `.gitignore` and `.mfignore` in it."""
    if not root.is_dir():
        raise SourceError(f"there is no folder {root}; --path names the app's source folder")
    found: list[Entry] = []
    _walk(root, "", (("", GitIgnoreSpec.from_lines(DEFAULT_IGNORES)),), found)
    if not found:
        raise SourceError(f"{root} has no files to push (after .gitignore and .mfignore)")
    source = Source(root, tuple(sorted(found, key=lambda entry: entry.name)))
    if source.size > max_bytes:
        raise SourceError(_too_large(source, max_bytes))
    return source


_Specs = tuple[tuple[str, GitIgnoreSpec], ...]


def _walk(root: Path, prefix: str, specs: _Specs, found: list[Entry]) -> None:
    entries = _listed(root / prefix)
    specs += _local_specs(root, prefix, {item.name for item in entries})
    for item in entries:
        name = prefix + item.name
        if item.is_dir(follow_symlinks=False):
            if not _ignored(name + "/", specs):
                _walk(root, name + "/", specs, found)
        elif not _ignored(name, specs):
            found.extend(_entry(root, item, name))


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda item: item.name)
    except OSError as exc:
        raise SourceError(f"cannot read the folder {folder}: {exc.strerror}") from exc
    for item in entries:
        if not item.name.isprintable():  # bytes that are no UTF-8 come as lone surrogates, which are not printable
            raise SourceError(f"{folder} has a file whose name is no plain text: {item.name!a}; rename it")
    return entries


def _local_specs(root: Path, prefix: str, names: set[str]) -> _Specs:
    """The ignore files of one folder; they speak about paths below it."""
    return tuple(
        (prefix, GitIgnoreSpec.from_lines(_ignore_lines(root, prefix + file)))
        for file in IGNORE_FILES
        if file in names and (root / prefix / file).is_file()
    )


def _ignore_lines(root: Path, name: str) -> list[str]:
    try:
        return (root / name).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise SourceError(f"cannot read {root / name}: {getattr(exc, 'strerror', None) or 'not UTF-8 text'}") from exc


def _ignored(name: str, specs: _Specs) -> bool:
    """The deepest, last file with an opinion decides, as in git."""
    for prefix, spec in reversed(specs):
        verdict = spec.check_file(name[len(prefix) :]).include
        if verdict is not None:
            return verdict
    return False


def _entry(root: Path, item: os.DirEntry[str], name: str) -> tuple[Entry, ...]:
    if item.is_symlink():
        target = Path(item.path).readlink()
        resolved = (Path(item.path).parent / target).resolve()
        if target.is_absolute() or not resolved.is_relative_to(root.resolve()):
            raise SourceError(f"{name} is a link that leaves the folder ({target}); ignore it or copy its target")
        return (Entry(name, False, str(target), 0),)
    info = item.stat(follow_symlinks=False)
    if not stat.S_ISREG(info.st_mode):
        return ()
    return (Entry(name, bool(info.st_mode & 0o111), "", info.st_size),)


def _content(path: str) -> bytes:
    """SHA-256 of a file, with as little around it as can be: sources have many small files."""
    try:
        with io.FileIO(path) as file:
            return hashlib.sha256(file.readall()).digest()
    except OSError as exc:
        raise SourceError(f"cannot read {path}: {exc.strerror}") from exc


def _time_of(content: bytes) -> int:
    """A moment in 2001–2034 drawn from the content: same content same time, other content (nearly always) another.

    A constant would make web servers answer "not modified" for a page that changed without changing its size.
    """
    return 1_000_000_000 + int.from_bytes(content[:4], "big") % 2**30


def _too_large(source: Source, limit: int) -> str:
    folders: dict[str, int] = {}
    for entry in source.entries:
        top = entry.name.split("/")[0]
        folders[top] = folders.get(top, 0) + entry.size
    name, size = max(folders.items(), key=lambda pair: pair[1])
    mib = 1024**2
    return (
        f"the source is {source.size // mib} MiB, the limit is {limit // mib} MiB; the largest part is {name} "
        f"({size // mib} MiB): name what the app does not need in .mfignore"
    )
