"""Throw-away folders: private, gone with their owner, also with one that was killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mf.errors import Unavailable
from mf.ops import scratch

KILLED = """
import os, signal
from mf.ops import scratch
kept = scratch.folder('source')
print(kept.name, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def own_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    scratch._swept.cache_clear()
    return tmp_path


def test_a_folder_is_private_and_goes_with_its_block() -> None:
    with scratch.folder("build") as name:
        assert Path(name).parent == scratch.parent()
        assert scratch.parent().stat().st_mode & 0o777 == 0o700
    assert not Path(name).exists()


def test_what_a_killed_process_left_goes_at_the_next_run_and_what_others_use_stays() -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    left = Path(done.stdout.strip())
    assert left.is_dir()
    with scratch.folder("stack") as mine:
        assert not left.exists()
        scratch.sweep(scratch.parent())
        assert Path(mine).is_dir()


def test_a_process_that_ends_by_itself_leaves_nothing() -> None:
    code = "from mf.ops import scratch\nkept = scratch.folder('home')\nprint(kept.name)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert str(scratch.parent()) in done.stdout
    assert not scratch.parent().exists()


def test_a_parent_that_another_process_removed_is_made_again() -> None:
    scratch.folder("one").cleanup()
    scratch.parent().rmdir()
    with scratch.folder("two") as name:
        assert Path(name).is_dir()


def test_a_folder_that_others_may_read_is_refused() -> None:
    scratch.parent().mkdir()
    scratch.parent().chmod(0o755)
    with pytest.raises(Unavailable, match="is not a private folder of this user"):
        scratch.folder("stack")


def test_a_link_in_its_place_is_refused(own_temporary: Path) -> None:
    (own_temporary / "elsewhere").mkdir(mode=0o700)
    scratch.parent().symlink_to(own_temporary / "elsewhere")
    with pytest.raises(Unavailable):
        scratch.folder("stack")
