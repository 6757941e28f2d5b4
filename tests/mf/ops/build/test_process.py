"""Child processes: their lines, their end, and that none is left behind."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from mf.ops.build import process

ENV = {"PATH": os.environ["PATH"]}


def test_lines_are_told_as_they_come_and_the_last_ones_kept() -> None:
    told: list[str] = []
    ended = process.run(["sh", "-c", "seq 1 100; echo bad >&2; exit 3"], env=ENV, say=told.append)
    assert ended.code == 3
    assert told == [*map(str, range(1, 101)), "bad"]
    assert ended.tail[-1] == "bad"
    assert len(ended.tail) == 40


def test_an_interrupted_build_takes_its_children_along(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"

    def interrupt(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        process.run(["sh", "-c", f"sleep 60 & echo $! > {pid_file}; echo go; wait"], env=ENV, say=interrupt)
    pid = int(pid_file.read_text())
    deadline = time.monotonic() + 5
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0]
    except FileNotFoundError:
        return False
