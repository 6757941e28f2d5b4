"""Makes the parts of a cluster and platform: in parallel, resumable, alone, and only what is missing."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from baremetal.bundle import digest
from baremetal.bundle.go_program import GoBatch, GoProgram
from baremetal.bundle.model import Lane, Output
from baremetal.bundle.plan import Plan, Task
from baremetal.bundle.store import Made, Store
from baremetal.bundle.work import Job, Processes
from baremetal.errors import NoSpace

# Go keeps all cores busy by itself; dpkg one; the rest mostly waits for the network or the disk.
_WORKERS = {Lane.GO: 1, Lane.DEBIAN: 1, Lane.LIGHT: 2}
# Downloaded modules and the compiler's cache, when any Go program has to be built.
_GO_SPACE = 5 * 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something happened to a part or ingredient: `begun`, `working`, `made` or `ready`."""

    name: str
    state: str
    message: str
    seconds: float


Progress = Callable[[Event], None]


def silent(_event: Event) -> None:
    """For callers that do not watch."""


class Builder:
    """Carries out one plan."""

    def __init__(self, store: Store, plan: Plan, batch: GoBatch, progress: Progress) -> None:
        self._store, self._plan, self._batch, self._progress = store, plan, batch, progress
        self._started = time.monotonic()
        self._made: dict[str, Made] = dict(plan.ingredients)
        self._processes = Processes()

    def run(self) -> dict[str, Made]:
        """Make everything that is missing; returns the parts."""
        check_space(self._store.cache, self._plan)
        programs = [task.maker for task in self._plan.tasks.values() if isinstance(task.maker, GoProgram)]
        self._batch.want(programs)
        pools = {lane: ThreadPoolExecutor(count, thread_name_prefix=lane) for lane, count in _WORKERS.items()}
        try:
            self._work(pools)
        except BaseException:
            self._processes.stop()
            raise
        finally:
            for pool in pools.values():
                pool.shutdown(wait=True, cancel_futures=True)
        parts = {name: self._made[name] for name, task in self._plan.tasks.items() if task.is_part}
        return {**self._plan.ready, **parts}

    def _work(self, pools: dict[Lane, ThreadPoolExecutor]) -> None:
        waiting = dict(self._plan.tasks)
        running: dict[Future[Made], str] = {}
        while waiting or running:
            for name in [name for name, task in waiting.items() if self._can_start(task)]:
                task = waiting.pop(name)
                running[pools[task.maker.lane].submit(self._make, task)] = name
            done, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in done:
                self._made[running.pop(future)] = future.result()

    def _can_start(self, task: Task) -> bool:
        return all(name in self._made for name in task.maker.needs)

    def _make(self, task: Task) -> Made:
        began = time.monotonic()
        self._tell(task.name, "begun", f"{task.version}, {task.maker.how}")
        with self._store.staging(task.name) as folder:
            job = Job(
                name=task.name,
                folder=folder,
                store=self._store,
                ingredients={name: self._made[name] for name in task.maker.needs},
                say=lambda message: self._tell(task.name, "working", message),
                processes=self._processes,
            )
            output = task.maker.make(job)
            made = self._store.publish(_record(task, folder, output, time.monotonic() - began))
        self._tell(task.name, "made", f"done in {made.seconds:.1f} s")
        return made

    def _tell(self, name: str, state: str, message: str) -> None:
        self._progress(Event(name=name, state=state, message=message, seconds=time.monotonic() - self._started))


def _record(task: Task, folder: Path, output: Output, seconds: float) -> Made:
    paths = {name: folder / path for name, path in output.files.items()}
    archives = {reference: folder / path for reference, path in output.images.items()}
    singles = sorted({path for path in (*paths.values(), *archives.values()) if path.is_file()})
    return Made(
        name=task.name,
        version=task.version,
        how=task.maker.how,
        digest=task.digest,
        folder=folder,
        files=paths,
        images=archives,
        sizes={path.relative_to(folder).as_posix(): path.stat().st_size for path in singles},
        checksums={path.relative_to(folder).as_posix(): digest.of_file(path) for path in singles},
        packages=output.packages,
        seconds=round(seconds, 1),
    )


def check_space(folder: Path, plan: Plan) -> None:
    """Say before starting when the disk is too small."""
    needed = plan.space
    if any(isinstance(task.maker, GoProgram) for task in plan.tasks.values()):
        needed += _GO_SPACE
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < needed:
        raise NoSpace(str(folder), free, needed)
