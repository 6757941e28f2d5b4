"""Stacks in a folder, in the layout of Pulumi's own file backend: either engine may go on with the other's work."""

from __future__ import annotations

import gzip
import json
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from engine.backend import atomic
from engine.backend.api import LockWish, StackSummary, qualified
from engine.backend.holder import Holder
from engine.backend.waiting import acquire
from engine.deploy.api import StackId
from engine.errors import StackExists, StackNotFound, StateError, UsageError

_SUFFIXES: Final = (".json", ".json.gz")


class FileBackend:
    """A `file://` backend."""

    def __init__(self, url: str, directory: Path | None = None) -> None:
        self.url = url
        base = directory or Path.cwd()
        text = unquote(urlsplit(url).netloc + urlsplit(url).path)
        self._root = (base / Path(text or "~").expanduser()).resolve() / ".pulumi"

    def stacks(self, project: str | None = None) -> list[StackSummary]:
        self._check_layout()
        folders = sorted(item for item in (self._root / "stacks").glob("*") if item.is_dir())
        wanted = [item for item in folders if project in (None, item.name)]
        return [summary for folder in wanted for summary in self._summaries(folder)]

    def _summaries(self, folder: Path) -> Iterator[StackSummary]:
        for path in sorted(folder.iterdir()):
            suffix = next((item for item in _SUFFIXES if path.name.endswith(item)), "")
            if not suffix or path.name.startswith("."):
                continue
            stack = StackId(project=folder.name, name=path.name.removesuffix(suffix))
            tree = json.loads(self._text(path)).get("checkpoint") or {}
            latest = tree.get("latest") or {}
            yield StackSummary(
                stack=stack,
                last_update=path.stat().st_mtime if self._history(stack).exists() else 0,
                resources=len(latest.get("resources") or ()),
                locked=bool(self._lock_files(stack)),
            )

    def read(self, stack: StackId) -> str:
        self._check_layout()
        return self._text(self._existing(stack))

    def create(self, stack: StackId, text: str) -> None:
        self._check_layout()
        meta = self._root / "meta.yaml"
        if not meta.exists():
            atomic.write(meta, b"version: 1\n")
        if self._find(stack):
            raise StackExists(qualified(stack))
        self._store(self._path(stack), text, sync=True)

    def remove(self, stack: StackId) -> None:
        path = self._existing(stack)
        for name in (path.name, f"{path.name}.bak", f"{path.name}.attrs", f"{stack.name}.pulumi-tags"):
            (path.parent / name).unlink(missing_ok=True)
        shutil.rmtree(self._history(stack), ignore_errors=True)

    def write(self, stack: StackId, text: str) -> None:
        self._store(self._existing(stack), text, sync=False)

    def conclude(self, stack: StackId, text: str | None, entry: Mapping[str, Any]) -> None:
        path = self._existing(stack)
        if text is not None:
            self._store(path, text, sync=True)
        stamp = time.time_ns()
        present = self._text(path).encode()
        folder = self._history(stack)
        atomic.write(folder / f"{stack.name}-{stamp}.checkpoint.json", present)
        atomic.write(folder / f"{stack.name}-{stamp}.history.json", json.dumps(entry, indent=4).encode())
        backups = self._root / "backups" / stack.project / stack.name
        atomic.write(backups / f"{stack.name}.{stamp}.json", present)

    def history(self, stack: StackId) -> list[dict[str, Any]]:
        self._existing(stack)
        paths = sorted(self._history(stack).glob(f"{stack.name}-*.history.json"), reverse=True)
        return [json.loads(path.read_text(encoding="utf-8")) for path in paths]

    def tags(self, stack: StackId) -> dict[str, str]:
        path = self._existing(stack).parent / f"{stack.name}.pulumi-tags"
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}

    def set_tags(self, stack: StackId, tags: Mapping[str, str]) -> None:
        atomic.write(self._existing(stack).parent / f"{stack.name}.pulumi-tags", json.dumps(dict(tags)).encode())

    @contextmanager
    def lock(self, stack: StackId, wish: LockWish) -> Iterator[None]:
        self._check_layout()
        mine = self._locks(stack) / f"{uuid.uuid4()}.json"
        acquire(lambda: self._try_lock(stack, mine, wish), wish)
        try:
            yield
        finally:
            mine.unlink(missing_ok=True)

    def break_lock(self, stack: StackId) -> int:
        paths = self._lock_files(stack)
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)

    def _try_lock(self, stack: StackId, mine: Path, wish: LockWish) -> Sequence[str]:
        if holders := self._holders(stack, mine, wish):
            return holders
        atomic.write(mine, json.dumps(Holder.me().tree()).encode())
        # Two may have come this far at once: whoever sees the other steps back.
        if holders := self._holders(stack, mine, wish):
            mine.unlink(missing_ok=True)
        return holders

    def _holders(self, stack: StackId, mine: Path, wish: LockWish) -> Sequence[str]:
        found = []
        for path in self._lock_files(stack):
            if path == mine:
                continue
            try:
                holder = Holder.parse(json.loads(path.read_text(encoding="utf-8")))
            except FileNotFoundError:
                continue
            except ValueError:
                found.append(f"{path}: unreadable")
                continue
            if holder.is_gone():
                path.unlink(missing_ok=True)
                wish.say(f"took over the lock of a process that is gone: {holder}")
            else:
                found.append(f"{path}: {holder}")
        return found

    def _lock_files(self, stack: StackId) -> list[Path]:
        return sorted(item for item in self._locks(stack).glob("*.json") if not item.name.startswith("."))

    def _locks(self, stack: StackId) -> Path:
        return self._root / "locks" / stack.organization / stack.project / stack.name

    def _history(self, stack: StackId) -> Path:
        return self._root / "history" / stack.project / stack.name

    def _path(self, stack: StackId) -> Path:
        return self._root / "stacks" / stack.project / f"{stack.name}.json"

    def _find(self, stack: StackId) -> Path | None:
        paths = (self._root / "stacks" / stack.project / f"{stack.name}{suffix}" for suffix in _SUFFIXES)
        return next((path for path in paths if path.exists()), None)

    def _existing(self, stack: StackId) -> Path:
        path = self._find(stack)
        if path is None:
            raise StackNotFound(stack.name)
        return path

    def _text(self, path: Path) -> str:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.name.endswith(".gz") else data).decode()

    def _store(self, path: Path, text: str, *, sync: bool) -> None:
        atomic.keep_previous(path, path.with_name(f"{path.name}.bak"))
        data = text.encode()
        atomic.write(path, gzip.compress(data, mtime=0) if path.name.endswith(".gz") else data, sync=sync)

    def _check_layout(self) -> None:
        meta = self._root / "meta.yaml"
        if not meta.exists():
            if any((self._root / "stacks").glob("*.json")):
                raise StateError(
                    f"{self._root} has the old layout without project folders", hint="run `pulumi state upgrade` on it"
                )
            return
        if meta.read_text(encoding="utf-8").split() != ["version:", "1"]:
            raise UsageError(f"{meta} does not say 'version: 1'; this engine knows only that layout")
