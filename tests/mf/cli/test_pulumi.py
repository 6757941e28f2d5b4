"""`mf pulumi`: what it lends to programs that are not ours, and how it takes a reader that leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mf.ops import project

PROJECT = "name: shop\nruntime: python\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of somebody's own, with a state and a passphrase."""
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path / 'state'}")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    (tmp_path / "state").mkdir()
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    return tmp_path


def test_only_our_own_programs_are_vouched_for(folder, monkeypatch):
    monkeypatch.delenv("MF_REPEATABLE_CREATES", raising=False)
    assert "MF_REPEATABLE_CREATES" not in project.state_environment()
    assert project.environment()["MF_REPEATABLE_CREATES"] == "1"


def test_a_reader_that_leaves_early_is_no_error(folder):
    command = [sys.executable, "-c", "from mf.cli.main import main; main()", "pulumi", "--help"]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(command, cwd=folder, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=120)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
