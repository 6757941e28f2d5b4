"""The store: complete or absent, one holder at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from baremetal.bundle.store import Made, Store, cache_folder
from baremetal.errors import BundleBusy


def publish(store: Store, text: str = "hello") -> Made:
    with store.staging("part") as folder:
        (folder / "out").write_text(text)
        return store.publish(
            Made(
                name="part",
                version="1",
                how="by hand",
                digest="d" * 64,
                folder=folder,
                files={"out": folder / "out"},
                sizes={"out": len(text)},
            )
        )


def test_published_part_is_found_with_absolute_paths(store: Store) -> None:
    publish(store)
    found = store.find("part", "d" * 64)
    assert found is not None
    assert found.files["out"].read_text() == "hello"
    assert found.folder == store.folder_of("part", "d" * 64)


def test_part_of_another_digest_is_not_found(store: Store) -> None:
    publish(store)
    assert store.find("part", "e" * 64) is None


def test_part_whose_file_was_cut_short_counts_as_absent(store: Store) -> None:
    made = publish(store)
    made.files["out"].write_text("hel")
    assert store.find("part", "d" * 64) is None


def test_part_whose_file_is_gone_counts_as_absent_and_can_be_published_again(store: Store) -> None:
    publish(store).files["out"].unlink()
    assert store.find("part", "d" * 64) is None
    assert publish(store).files["out"].exists()


def test_failed_work_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.staging("part") as folder:
        (folder / "half").write_text("x")
        raise ZeroDivisionError
    assert not folder.exists()
    assert store.find("part", "d" * 64) is None


def test_what_a_killed_run_left_is_swept_by_the_next(store: Store) -> None:
    leftover = store.root / "tmp" / "part-dead"
    leftover.mkdir(parents=True)
    with store.lock():
        assert not leftover.exists()


def test_second_run_is_told_who_holds_the_lock(store: Store) -> None:
    script = f"""
from pathlib import Path
from baremetal.bundle.store import Store
from baremetal.errors import BundleBusy
try:
    with Store(Path({str(store.cache)!r})).lock():
        print("got it")
except BundleBusy as error:
    print(error)
"""
    with store.lock():
        answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert f"process {os.getpid()}" in answer.stdout
    assert "wait for it to end" in answer.stdout


def test_lock_of_an_ended_run_is_free(store: Store) -> None:
    with store.lock():
        pass
    with store.lock(), pytest.raises(BundleBusy), store.lock(wait=0.05):
        pass


def test_cache_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MF_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("MF_CACHE")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert cache_folder() == Path("/home/somebody/.cache/microfoundry")
