"""Stacks in the layout of Pulumi's own DIY backends: either engine may go on with the other's work."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from engine.backend import layout, lock_files, packing
from engine.backend.api import LockWish, StackSummary, qualified
from engine.backend.blobs import Blob, Blobs
from engine.backend.entry import complete
from engine.deploy.api import StackId
from engine.errors import StackExists, StackNotFound, StateError

_TAGS_VERSION = 1


class DiyBackend:
    """A backend over any blobs."""

    def __init__(self, url: str, blobs: Blobs, environment: Mapping[str, str]) -> None:
        self.url = url
        self._blobs = blobs
        self._suffix = packing.wanted(environment)
        self._retains = packing.on(environment, "DIY_BACKEND_RETAIN_CHECKPOINTS")
        self._backs_up = not packing.on(environment, "DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS")
        self._checked = False

    def stacks(self, project: str | None = None) -> list[StackSummary]:
        self._check_layout()
        folder = layout.STACKS if project is None else f"{layout.STACKS}{project}/"
        newest: dict[StackId, Blob] = {}
        for blob in sorted(self._blobs.list(folder), key=lambda blob: blob.modified):
            if stack := layout.stack_of(blob.key):
                newest[stack] = blob
        locked = {key.rpartition("/")[0] + "/" for key in lock_files.names(self._blobs, layout.LOCKS)}
        found = sorted(newest.items(), key=lambda pair: (pair[0].project, pair[0].name))
        with ThreadPoolExecutor(self._blobs.parallel) as pool:
            return list(pool.map(lambda pair: self._summary(pair[0], pair[1], locked), found))

    def _summary(self, stack: StackId, blob: Blob, locked: set[str]) -> StackSummary:
        latest = _latest(self._present(blob.key), self._blobs.name(blob.key))
        resources = latest.get("resources") or ()
        # A stack that was never updated has a state too, but no update to tell the time of.
        updated = bool(resources) or bool(self._blobs.list(layout.history(stack)))
        return StackSummary(
            stack=stack,
            last_update=(_written(latest) or blob.modified) if updated else 0,
            resources=len(resources),
            locked=layout.locks(stack) in locked,
        )

    def read(self, stack: StackId) -> str:
        self._check_layout()
        return self._present(self._existing(stack))

    def create(self, stack: StackId, text: str) -> None:
        if not self._check_layout():
            self._blobs.put(layout.META, b"version: 1\n")
        if self._find(stack):
            raise StackExists(qualified(stack))
        self._store(layout.state(stack, self._suffix or ""), text, sync=True)

    def remove(self, stack: StackId, *, backups: bool = False) -> None:
        key = self._existing(stack)
        self._blobs.keep(key)
        self._blobs.delete(key)
        self._stored(key)
        if backups:
            self._blobs.delete(f"{key}.bak")
            self._clear(layout.backups(stack))
        self._blobs.delete(layout.tags(stack))
        self._clear(layout.history(stack))

    def rename(self, old: StackId, new: StackId, text: str) -> None:
        key = self._existing(old)
        if self._find(new):
            raise StackExists(qualified(new))
        self._store(layout.state(new, packing.suffix_of(key)), text, sync=True)
        for blob in self._blobs.list(layout.history(old)):
            name = blob.key.rpartition("/")[2]
            if name.startswith(f"{old.name}-"):
                self._move(blob.key, f"{layout.history(new)}{new.name}{name.removeprefix(old.name)}")
        self._move(layout.tags(old), layout.tags(new))
        # Last, so that a rename that was cut off leaves the old stack, and not half of one.
        self._blobs.keep(key)
        self._blobs.delete(key)
        self._stored(key)

    def write(self, stack: StackId, text: str) -> None:
        self._store(self._existing(stack), text, sync=False)

    def conclude(self, stack: StackId, text: str | None, entry: Mapping[str, Any]) -> None:
        key = self._existing(stack)
        if text is None and self._is_amended(key):
            text = self._present(key)
        if text is not None:
            key = self._store(key, text, sync=True)
        stamp, suffix = time.time_ns(), packing.suffix_of(key)
        prefix = f"{layout.history(stack)}{stack.name}-{stamp}"
        self._blobs.copy(key, f"{prefix}.checkpoint.json{suffix}")
        name = f"{prefix}.history.json{suffix}"
        self._blobs.put(name, packing.pack(json.dumps(entry, indent=4), name))
        if self._backs_up:
            self._blobs.copy(key, f"{layout.backups(stack)}{stack.name}.{stamp}.json{suffix}")

    def past(self, stack: StackId, version: int) -> str:
        """The checkpoint after an update, the first being 1; StateError where it was not kept."""
        self._existing(stack)
        keys = [blob.key for blob in self._blobs.list(layout.history(stack)) if ".checkpoint.json" in blob.key]
        if not 1 <= version <= len(keys):
            raise StateError(f"stack '{stack.name}' has no update {version}; its history goes from 1 to {len(keys)}")
        return packing.unpack(self._blobs.get(keys[version - 1]), self._blobs.name(keys[version - 1]))

    def history(self, stack: StackId) -> list[dict[str, Any]]:
        self._existing(stack)
        keys = [blob.key for blob in self._blobs.list(layout.history(stack))]
        wanted = [key for key in keys if key.removesuffix(packing.suffix_of(key)).endswith(".history.json")]
        with ThreadPoolExecutor(self._blobs.parallel) as pool:
            return list(pool.map(self._entry, reversed(wanted)))

    def tags(self, stack: StackId) -> dict[str, str]:
        self._existing(stack)
        key = layout.tags(stack)
        try:
            tree = self._object(key)
        except FileNotFoundError:
            return {}
        if tree.get("version") != _TAGS_VERSION:
            raise StateError(f"unsupported stack tags version: {tree.get('version')} (expected {_TAGS_VERSION})")
        tags = tree.get("tags") or {}
        if not isinstance(tags, dict):
            raise StateError(f"{self._blobs.name(key)} has no map of tags")
        return {str(name): str(value) for name, value in tags.items()}

    def set_tags(self, stack: StackId, tags: Mapping[str, str]) -> None:
        self._existing(stack)
        if not tags:
            self._blobs.delete(layout.tags(stack))
            return
        tree = {"version": _TAGS_VERSION, "tags": dict(tags)}
        self._blobs.put(layout.tags(stack), json.dumps(tree).encode())

    def lock(self, stack: StackId, wish: LockWish) -> AbstractContextManager[None]:
        self._check_layout()
        return lock_files.hold(self._blobs, layout.locks(stack), wish)

    def break_lock(self, stack: StackId) -> int:
        keys = lock_files.names(self._blobs, layout.locks(stack))
        for key in keys:
            self._blobs.delete(key)
        return len(keys)

    def _present(self, key: str) -> str:
        """The checkpoint's text as it is now."""
        return packing.unpack(self._blobs.get(key), self._blobs.name(key))

    def _is_amended(self, _key: str) -> bool:
        """Whether the checkpoint's text as it is now is more than what lies there."""
        return False

    def _stored(self, key: str) -> None:
        """A whole checkpoint took the place of what was at that key, or it is gone."""

    def _find(self, stack: StackId) -> str | None:
        found = self._blobs.find(layout.states(stack))
        # Of several that are equally new Pulumi takes the last.
        return max(reversed(found), key=lambda blob: blob.modified).key if found else None

    def _existing(self, stack: StackId) -> str:
        key = self._find(stack)
        if key is None:
            raise StackNotFound(stack.name)
        return key

    def _store(self, key: str, text: str, *, sync: bool) -> str:
        """Write a checkpoint where it lies, or under the name that the wanted compression gives it."""
        before, key = key, self._packed_as(key)
        self._blobs.keep(before)
        data = packing.pack(text, key)
        self._blobs.put(key, data, sync=sync)
        if before != key:
            self._blobs.delete(before)
        self._stored(before)
        if self._retains:
            self._blobs.put(f"{key}.{time.time_ns()}", data)
        return key

    def _packed_as(self, key: str) -> str:
        return key if self._suffix is None else f"{key.removesuffix(packing.suffix_of(key))}{self._suffix}"

    def _move(self, key: str, target: str) -> None:
        self._blobs.copy(key, target)
        self._blobs.delete(key)

    def _clear(self, folder: str) -> None:
        for blob in self._blobs.list(folder):
            self._blobs.delete(blob.key)

    def _entry(self, key: str) -> dict[str, Any]:
        return complete(self._object(key), self._blobs.name(key))

    def _object(self, key: str) -> dict[str, Any]:
        name = self._blobs.name(key)
        return _parsed(packing.unpack(self._blobs.get(key), name), name)

    def _check_layout(self) -> bool:
        self._checked = self._checked or layout.check(self._blobs)
        return self._checked


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise StateError(f"{name} is no valid JSON: {exc}") from exc
    if not isinstance(tree, dict):
        raise StateError(f"{name} holds no JSON object")
    return tree


def _latest(text: str, name: str) -> dict[str, Any]:
    held = _parsed(text, name).get("checkpoint") or {}
    latest = held.get("latest") or {} if isinstance(held, dict) else None
    if not isinstance(latest, dict) or not isinstance(latest.get("resources") or [], list):
        raise StateError(f"{name} is no checkpoint")
    return latest


def _written(latest: Mapping[str, Any]) -> float:
    manifest = latest.get("manifest")
    text = manifest.get("time") if isinstance(manifest, dict) else None
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError):
        return 0
