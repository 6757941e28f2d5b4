"""A throw-away machine for tests (support file): a shell script with mounts, network and processes of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from baremetal.bundle.store import cache_folder
from baremetal.facts import reader
from baremetal.transport import LocalTransport

ROOT = Path(__file__).parents[2]
MACHINE = ROOT / "tests" / "support" / "throwaway_machine.sh"


def run(script: str, folder: Path, *, timeout: float, environment: Mapping[str, str] | None = None) -> str:
    """What the script printed; `folder` must not be on an overlay, and is removed afterwards."""
    facts = reader.read(LocalTransport())
    if facts.cgroup.version != 1:
        pytest.skip(
            "a machine inside of this one needs control groups version 1; the kernel here offers version 2 only"
        )
    assert facts.system.root, "a machine of its own can be made by root only"
    _forget_groups()  # a run that was killed could not
    try:
        done = subprocess.run(
            [MACHINE, folder, "bash", "-c", script],
            env={**os.environ, **_environment(), **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )
    finally:
        _forget(folder)
    return done.stdout


def _environment() -> dict[str, str]:
    return {
        "PYTHON": sys.executable,
        "PYTHONPATH": str(ROOT),
        "visible": f"{cache_folder()} {ROOT}",
        "start": str(ROOT),
        "HOME": "/srv/somebody",
        "MF_CACHE": str(cache_folder()),
    }


def _forget(folder: Path) -> None:
    _forget_groups()
    shutil.rmtree(folder)


def _forget_groups() -> None:
    for group in Path("/sys/fs/cgroup").glob("*/mf-test-machine"):
        for inner in (*sorted(group.rglob("*/"), reverse=True), group):
            if inner.is_dir():
                inner.rmdir()
