"""Building: in the right order, in parallel, with progress; failures name the part and keep what is finished."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from typing import NamedTuple

import pytest

from baremetal.bundle.builder import Builder, Event, silent
from baremetal.bundle.go_program import GoBatch
from baremetal.bundle.model import Ingredient, Lane, Output, Part
from baremetal.bundle.plan import Plan, Planner
from baremetal.bundle.store import Made, Store
from baremetal.bundle.work import Job
from baremetal.errors import NoSpace, PartFailed, Stopped
from tests.baremetal.bundle.conftest import FakeMaker


def plan_of(store: Store, parts: dict[str, FakeMaker], beneath: dict[str, FakeMaker] | None = None) -> Plan:
    known = {name: Ingredient(name=name, version="1", maker=maker) for name, maker in (beneath or {}).items()}
    wanted = [Part(name=name, version="1", summary="", sources=(maker,)) for name, maker in parts.items()]
    return Planner(store, known).plan(wanted)


def build(store: Store, plan: Plan, progress: Callable[[Event], None] = silent) -> dict[str, Made]:
    return Builder(store, plan, GoBatch(), progress).run()


def test_part_gets_what_its_ingredients_made(store: Store) -> None:
    plan = plan_of(store, {"a": FakeMaker(text="a", needs=("x",))}, {"x": FakeMaker(text="x")})
    made = build(store, plan)["a"]
    assert made.files["out"].read_text() == "xa"
    assert store.find("a", made.digest) == made


def test_record_holds_size_and_checksum_of_every_file(store: Store) -> None:
    made = build(store, plan_of(store, {"a": FakeMaker(text="abc")}))["a"]
    assert made.sizes == {"out": 3}
    assert made.checksums == {"out": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}


def test_progress_tells_begin_work_and_end_with_elapsed_time(store: Store) -> None:
    events: list[Event] = []
    build(store, plan_of(store, {"a": FakeMaker()}), events.append)
    assert [event.state for event in events] == ["begun", "working", "made"]
    assert events[0].message == "1, by hand"
    assert all(event.seconds >= 0 for event in events)


def test_lanes_work_at_the_same_time(store: Store) -> None:
    meeting = threading.Barrier(2, timeout=5)

    class Meeting(FakeMaker):
        def make(self, job: Job) -> Output:
            meeting.wait()
            return super().make(job)

    parts: dict[str, FakeMaker] = {"go": Meeting(text="g", lane=Lane.GO), "deb": Meeting(text="d", lane=Lane.DEBIAN)}
    assert sorted(build(store, plan_of(store, parts))) == ["deb", "go"]


def test_failure_is_raised_and_what_was_finished_is_kept(store: Store) -> None:
    good = FakeMaker(text="x")
    bad = FakeMaker(text="a", needs=("x",), error=PartFailed("a", "make ended with 2", "boom"))
    with pytest.raises(PartFailed, match=r"'a' could not be made: make ended with 2\n  \| boom"):
        build(store, plan_of(store, {"a": bad}, {"x": good}))
    build(store, plan_of(store, {"a": FakeMaker(text="a", needs=("x",))}, {"x": good}))
    assert good.made == ["x"]


def test_too_small_a_disk_is_told_before_anything_starts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        total: int
        used: int
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(2**40, 2**40 - 2**30, 2**30))
    maker = FakeMaker(space=3 * 2**30)
    with pytest.raises(NoSpace, match=r"has 1\.0 GiB free, the bundle needs 3\.0 GiB.*MF_CACHE"):
        build(store, plan_of(store, {"a": maker}))
    assert maker.made == []


def test_failing_command_gives_its_last_lines(new_job: Callable[..., Job]) -> None:
    with pytest.raises(PartFailed, match="sh ended with 3") as caught:
        new_job("thing").run(["sh", "-c", "echo first; echo last >&2; exit 3"])
    assert caught.value.log == "first\nlast\n"


def test_commands_end_when_the_run_is_stopped(new_job: Callable[..., Job]) -> None:
    job = new_job()
    process = job.processes.start(["sleep", "60"])
    job.processes.stop()
    assert process.poll() is not None
    assert process.stdout is not None
    process.stdout.close()
    with pytest.raises(Stopped):
        job.run(["true"])
