"""What others call: make parts, and find them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from baremetal.bundle.builder import Builder, Event, Progress, silent
from baremetal.bundle.ingredients import BATCH, INGREDIENTS
from baremetal.bundle.parts import PARTS, part_named, parts_named
from baremetal.bundle.plan import Planner
from baremetal.bundle.store import Made, Store
from baremetal.errors import BundleBusy, PartMissing

_PATIENCE = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Finished parts by name."""

    parts: Mapping[str, Made]

    def to_json(self) -> dict[str, object]:
        """The manifest: part → files, images, versions, checksums."""
        return {name: made.to_json() for name, made in self.parts.items()}


def build(names: Sequence[str] = (), progress: Progress = silent, *, store: Store | None = None) -> Bundle:
    """Make the parts that are missing; without names, those that a local platform needs."""
    store = store or Store()
    parts = parts_named(names)
    ready = {part.name: made for part in parts if (made := Planner(store, INGREDIENTS).find(part))}
    if len(ready) == len(parts):
        return Bundle(parts=ready)
    with _alone(store, progress):
        plan = Planner(store, INGREDIENTS).plan(parts)
        for name, made in plan.ready.items():
            progress(Event(name=name, state="ready", message=f"{made.version}, {made.how}", seconds=0.0))
        bundle = Bundle(parts=Builder(store, plan, BATCH, progress).run())
        _write_manifest(store.root / "manifest.json", bundle)
    return bundle


@contextmanager
def _alone(store: Store, progress: Progress) -> Iterator[None]:
    """Hold the cache; if another run does, say so and wait for it, as it may well make what is wanted."""
    with ExitStack() as stack:
        try:
            stack.enter_context(store.lock())
        except BundleBusy as busy:
            progress(Event(name="bundle", state="working", message=str(busy), seconds=0.0))
            stack.enter_context(store.lock(wait=_PATIENCE))
        yield


def prune(*, store: Store | None = None) -> list[Path]:
    """Remove what no part and no ingredient of this version consists of any more; returns the removed folders."""
    store = store or Store()
    planner = Planner(store, INGREDIENTS)
    current = {store.folder_of(name, planner.digest_of_ingredient(name)) for name in INGREDIENTS}
    for part in PARTS.values():
        current |= {store.folder_of(part.name, planner.digest_of(source)) for source in part.sources}
    with store.lock():
        return store.keep_only(current)


def find(name: str, *, store: Store | None = None) -> Made | None:
    """The part as it lies in the cache, or None."""
    return Planner(store or Store(), INGREDIENTS).find(part_named(name))


def locate(name: str, *, store: Store | None = None) -> Made:
    """The part as it lies in the cache, or an error that says how to make it."""
    made = find(name, store=store)
    if made is None:
        raise PartMissing(name)
    return made


def _write_manifest(path: Path, bundle: Bundle) -> None:
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(bundle.to_json(), indent=1, sort_keys=True), encoding="utf-8")
    fresh.replace(path)
