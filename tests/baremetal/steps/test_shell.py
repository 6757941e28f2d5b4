"""The functions that all scripts share, run by a real bash."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from baremetal.steps.shell import script


def run(body: str, **constants: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", script(body, **constants)], text=True, capture_output=True, check=False, timeout=20
    )


def test_constants_reach_the_script_whatever_is_in_them() -> None:
    awkward = 'it\'s $HOME `id` "x"\nnext'
    assert run('printf %s "$VALUE"', value=awkward).stdout == awkward


def test_script_ends_at_the_first_failure() -> None:
    completed = run("false\necho reached\n")
    assert (completed.returncode, completed.stdout) == (1, "")


def test_file_is_put_whole_and_only_when_it_differs(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "file"
    body = 'if printf %s "$TEXT" | put "$TARGET"; then echo written; else echo same; fi'
    assert [run(body, text=text, target=str(target)).stdout for text in ("a", "a", "b")] == [
        "written\n",
        "same\n",
        "written\n",
    ]
    assert target.read_text() == "b"
    assert [path.name for path in target.parent.iterdir()] == ["file"]


@pytest.mark.parametrize(("command", "code"), [("true", 0), ("false", 1)])
def test_waiting_ends_with_success_or_with_the_time(command: str, code: int) -> None:
    assert run(f"wait_until 1 {command}").returncode == code
