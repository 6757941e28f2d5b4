"""Processes of plugins: started, heard, ended, and never left behind, whatever happens to the engine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.plugins.process import Launch, PluginFailed, Process

FAMILY = """
import os, subprocess, sys, time
child = subprocess.Popen(["sleep", "600"])
print(8080, flush=True)
print(child.pid, flush=True)
print("mind the gap", file=sys.stderr, flush=True)
time.sleep(600)
"""
ENGINE = """
import os, sys, time
from pathlib import Path
from engine.plugins.process import Launch, Process
say = lambda line: os.write(1, f"{line}\\n".encode())
process = Process(Launch(label="x", command=[sys.executable, "-c", sys.argv[1]], directory=Path("/"),
                         environment=os.environ, patience=60, heard=lambda line, bad: bad or say(line)))
try:
    say(process.pid)
    time.sleep(600)
except KeyboardInterrupt:
    say(process.ending(1) or "alive")
    process.stop()
"""


def launch(tmp_path: Path, *command: str, heard: Callable[[str, bool], None] | None = None) -> Launch:
    """What to start."""
    ears = {} if heard is None else {"heard": heard}
    return Launch(label="plugin x", command=command, directory=tmp_path, environment=os.environ, patience=60, **ears)


def python(tmp_path: Path, script: str, heard: Callable[[str, bool], None] | None = None) -> Launch:
    return launch(tmp_path, sys.executable, "-c", script, heard=heard)


def gone(pid: int) -> bool:
    """Whether the process ends within some seconds; a zombie has not ended yet, unless it is nobody's to reap."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z" and _parent(pid) == 1:
            return True
        time.sleep(0.1)
    return False


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def children() -> set[int]:
    """Direct children of this process, zombies included."""
    listing = subprocess.run(["ps", "-o", "pid=", "--ppid", str(os.getpid())], capture_output=True, text=True)
    return {int(word) for word in listing.stdout.split()}


@pytest.fixture(autouse=True)
def no_child_is_left() -> Iterator[None]:
    before = children()
    yield
    left = children() - before
    # The listing itself is a child while it runs.
    assert not [pid for pid in left if not gone(pid)]


def test_it_has_a_session_of_its_own_and_is_heard(tmp_path: Path) -> None:
    heard: list[tuple[str, bool]] = []
    process = Process(python(tmp_path, FAMILY, heard=lambda line, bad: heard.append((line, bad))))
    assert process.port == 8080
    assert os.getpgid(process.pid) == os.getsid(process.pid) == process.pid != os.getpgid(0)
    for _ in range(100):
        if len(heard) == 2:
            break
        time.sleep(0.05)
    assert ("mind the gap", True) in heard
    (child,) = [int(line) for line, bad in heard if not bad]
    process.stop()
    assert gone(child)
    assert process.ending()


def test_one_that_ignores_interrupts_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print(1234, flush=True); time.sleep(600)"
    process = Process(python(tmp_path, deaf))
    began = time.monotonic()
    process.stop(grace=0.5)
    assert 0.4 < time.monotonic() - began < 5
    assert "ended by signal 9" in process.ending()
    process.stop()


def test_one_that_ends_politely_may_finish_its_work(tmp_path: Path) -> None:
    mark = tmp_path / "done"
    polite = f"""
import pathlib, time
try:
    print(1234, flush=True)
    time.sleep(600)
except KeyboardInterrupt:
    pathlib.Path({str(mark)!r}).write_text("done")
"""
    process = Process(python(tmp_path, polite))
    process.stop()
    assert mark.read_text() == "done"
    assert "exited with code 0" in process.ending()


def test_end_is_told_at_once(tmp_path: Path) -> None:
    ended: list[float] = []
    process = Process(python(tmp_path, "import sys; print(1234, flush=True); sys.stdin.readline()"))
    process.on_end(lambda: ended.append(time.monotonic()))
    os.kill(process.pid, signal.SIGTERM)
    assert "ended by signal 15" in process.ending(10)
    process.stop()
    assert ended


def test_endless_line_does_not_fill_the_memory(tmp_path: Path) -> None:
    flood = "import sys\nprint(1234, flush=True)\nfor _ in range(300): sys.stdout.write('x' * 10000)\n"
    sizes: list[int] = []
    process = Process(python(tmp_path, flood, heard=lambda line, _bad: sizes.append(len(line))))
    assert process.ending(30)
    process.stop()
    assert sum(sizes) == 3_000_000 and max(sizes) <= 65536


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "80 80", "²"])
def test_what_is_no_port_is_refused(tmp_path: Path, port: str) -> None:
    with pytest.raises(PluginFailed, match="wrote a non-numeric port"):
        Process(python(tmp_path, f"import time; print({port!r}, flush=True); time.sleep(600)"))


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PluginFailed, match="nowhere"):
        Process(launch(tmp_path / "nowhere", sys.executable))


@contextmanager
def engine_at_work() -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A process that holds a plugin with a child; and the process ids of these two."""
    command = [sys.executable, "-c", ENGINE, FAMILY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as engine:
        assert engine.stdout is not None
        try:
            yield engine, [int(engine.stdout.readline()), int(engine.stdout.readline())]
        finally:
            engine.kill()


def test_plugin_and_its_children_die_with_a_killed_engine() -> None:
    with engine_at_work() as (engine, pids):
        engine.kill()
        assert all(gone(pid) for pid in pids)


def test_terminals_interrupt_does_not_reach_it() -> None:
    with engine_at_work() as (engine, pids):
        assert engine.stdout is not None
        os.killpg(engine.pid, signal.SIGINT)
        assert engine.stdout.readline().strip() == "alive"
        assert engine.wait(20) == 0
        assert all(gone(pid) for pid in pids)
