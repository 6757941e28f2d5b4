"""The command: what it prints, and how it ends."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from baremetal.bundle import Bundle, Event, __main__, api, locate
from baremetal.bundle.builder import Builder, silent
from baremetal.bundle.go_program import GoBatch
from baremetal.bundle.ingredients import INGREDIENTS
from baremetal.bundle.model import Part
from baremetal.bundle.parts import PARTS
from baremetal.bundle.plan import Planner
from baremetal.bundle.store import Made, Store
from baremetal.errors import PartFailed, PartMissing
from tests.baremetal.bundle.conftest import FakeMaker


def made(name: str, folder: Path) -> Made:
    archive = folder / "images.tar"
    return Made(
        name=name, version="1", how="by hand", digest="d", folder=folder, images={"microfoundry/tool:1": archive}
    )


@pytest.fixture
def fake_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Sequence[str]]:
    asked: list[Sequence[str]] = []

    def build(names: Sequence[str], progress: Callable[[Event], None] = silent) -> Bundle:
        asked.append(names)
        if "broken" in names:
            raise PartFailed("broken", "make ended with 2")
        if "slow" in names:
            raise KeyboardInterrupt
        progress(Event(name="tool", state="made", message="done in 1.0 s", seconds=12.34))
        return Bundle(parts={"tool": made("tool", tmp_path)})

    monkeypatch.setattr(__main__, "build", build)
    return asked


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["bundle", *words])
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    return __main__.main()


def test_build_prints_a_line_an_event_and_a_summary(
    fake_build: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "build", "tool") == 0
    first, last = capsys.readouterr().out.splitlines()
    assert first == "[   12.3s] ✓ tool: done in 1.0 s"
    assert last.startswith("1 parts ready in")
    assert fake_build == [["tool"]]


@pytest.mark.usefixtures("fake_build")
def test_json_is_alone_on_standard_output(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "build", "--json", "tool") == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["tool"]["images"] == {"microfoundry/tool:1": "images.tar"}
    assert "done in 1.0 s" in captured.err


@pytest.mark.usefixtures("fake_build")
def test_failure_is_one_message_and_exit_code_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "build", "broken") == 1
    assert capsys.readouterr().err == "error: part 'broken' could not be made: make ended with 2\n"


@pytest.mark.usefixtures("fake_build")
def test_interrupt_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "build", "slow") == 130
    assert "run the same command again to go on" in capsys.readouterr().err


def test_list_shows_every_part_and_whether_it_is_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("MF_CACHE", str(tmp_path))
    assert run(monkeypatch, "list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(PARTS)
    assert all("not made" in text for text in lines)


def test_part_that_was_not_made_is_told_with_the_command_that_makes_it(store: Store) -> None:
    with pytest.raises(PartMissing, match=r"'etcd' has not been made; run: python -m baremetal\.bundle build etcd"):
        locate("etcd", store=store)


def test_prune_removes_what_no_recipe_names_any_more(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], store: Store
) -> None:
    monkeypatch.setenv("MF_CACHE", str(store.cache))
    current = store.folder_of("pause-program", Planner(store, INGREDIENTS).digest_of_ingredient("pause-program"))
    outdated = current.with_name("pause-program-0000000000000000")
    for folder in (current, outdated):
        folder.mkdir(parents=True)
    assert run(monkeypatch, "prune") == 0
    assert capsys.readouterr().out.splitlines() == [outdated.name, "1 removed"]
    assert (current.exists(), outdated.exists()) == (True, False)


def test_second_run_says_that_it_waits_and_takes_what_the_first_made(
    monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    maker = FakeMaker(text="x")
    part = Part(name="tool", version="1", summary="", sources=(maker,))
    monkeypatch.setattr(api, "parts_named", lambda names: [part])
    events: list[Event] = []
    with ThreadPoolExecutor(1) as pool:
        with store.lock():
            second = pool.submit(api.build, ["tool"], events.append, store=store)
            while not events:
                time.sleep(0.01)
            plan = Planner(store, {}).plan([part])
            Builder(store, plan, GoBatch(), silent).run()
        assert second.result(timeout=10).parts["tool"].files["out"].read_text() == "x"
    assert "wait for it to end" in events[0].message
    assert maker.made == ["tool"]
