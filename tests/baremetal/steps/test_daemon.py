"""Our keeper of daemons, for real: it restarts what dies, outlives its starter, and kills no stranger."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from baremetal.facts.system import Init
from baremetal.steps import daemon
from baremetal.steps.shell import script

HAS_TOOL = shutil.which("start-stop-daemon", path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is not None


class Bench:
    """A keeper whose files lie in a folder of the test's own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "bin").mkdir()
        (root / "run").mkdir()
        self.program("exec sleep 300")

    def program(self, body: str) -> None:
        path = self.root / "bin" / "run-sleeper"
        path.write_text(f"#!/bin/bash\n{body}\n")
        path.chmod(0o755)

    def bash(self, body: str) -> str:
        text = daemon.functions(Init.KEEPER).replace("/run/microfoundry", f"{self.root}/run")
        text = text.replace("/var/lib/microfoundry", str(self.root))
        # The control groups of the tests' own runner are left as they are.
        text = text.replace("/sys/fs/cgroup", f"{self.root}/no-groups")
        whole = script(text, body, root=str(self.root), run=f"{self.root}/run", bin=f"{self.root}/bin")
        done = subprocess.run(["bash", "-c", whole], text=True, capture_output=True, check=True, timeout=60)
        return done.stdout

    def started(self) -> bool:
        path = self.root / "run" / "sleeper.child"
        return path.exists() and path.read_text().endswith("\n")

    def pid(self, kind: str) -> int:
        return int((self.root / "run" / f"sleeper.{kind}").read_text())


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    assert HAS_TOOL, "start-stop-daemon is missing; it is part of dpkg"
    made = Bench(tmp_path)
    yield made
    made.bash("daemon_forget sleeper")


def until(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def runs(pid: int) -> bool:
    return Path(f"/proc/{pid}/cmdline").exists() and bool(Path(f"/proc/{pid}/cmdline").read_bytes())


def test_daemon_is_a_session_of_its_own_and_is_stopped_by_its_pid_file(bench: Bench) -> None:
    bench.bash("daemon_start sleeper")
    assert until(bench.started)
    keeper, child = bench.pid("pid"), bench.pid("child")
    assert os.getsid(keeper) == os.getsid(child) != os.getsid(0)
    assert bench.bash("daemon_alive sleeper && echo alive") == "alive\n"
    bench.bash("daemon_stop sleeper")
    assert until(lambda: not runs(keeper) and not runs(child))


def test_daemon_that_dies_is_run_again(bench: Bench) -> None:
    bench.bash("daemon_start sleeper")
    assert until(bench.started)
    first = bench.pid("child")
    os.kill(first, signal.SIGKILL)
    assert until(lambda: bench.pid("child") != first and runs(bench.pid("child")))


def test_running_daemon_is_started_anew_only_when_its_files_changed(bench: Bench) -> None:
    (bench.root / "config").write_text("a")
    body = f"daemon_ensure sleeper {bench.root}/config"
    assert bench.bash(body) == "starting sleeper\n"
    keeper = bench.pid("pid")
    assert bench.bash(body) == "sleeper runs already\n"
    assert bench.pid("pid") == keeper
    (bench.root / "config").write_text("b")
    assert bench.bash(body) == "starting sleeper\n"
    assert bench.pid("pid") != keeper


def test_process_that_got_the_number_of_a_dead_daemon_is_left_alone(bench: Bench) -> None:
    with subprocess.Popen(["sleep", "300"]) as stranger:
        (bench.root / "run" / "sleeper.pid").write_text(f"{stranger.pid}\n")
        assert bench.bash("daemon_alive sleeper || echo dead") == "dead\n"
        bench.bash("daemon_stop sleeper")
        assert stranger.poll() is None
        stranger.kill()
