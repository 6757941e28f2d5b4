"""Parallel work, cancellation, and what is left when a process dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

from engine.provider_api import CreateReply
from engine.state.model import Deployment, PendingOperation
from tests.engine.deploy.stage import Stage, Thing


def _many(count: int) -> None:
    for index in range(count):
        Thing(f"t{index}")


def test_independent_resources_are_made_at_the_same_time(stage: Stage) -> None:
    barrier = threading.Barrier(8)

    def together(_: Any) -> None:
        barrier.wait(timeout=10)

    for index in range(8):
        stage.cloud.on("create", f"t{index}", together)
    assert stage.up(lambda: _many(8), parallel=8).succeeded, stage.errors()


def test_no_more_steps_run_at_once_than_asked_for(stage: Stage) -> None:
    running: list[int] = [0, 0]
    lock = threading.Lock()

    def counted(_: Any) -> None:
        with lock:
            running[0] += 1
            running[1] = max(running)
        time.sleep(0.02)
        with lock:
            running[0] -= 1

    for index in range(6):
        stage.cloud.on("create", f"t{index}", counted)
    assert stage.up(lambda: _many(6), parallel=2).succeeded
    assert running[1] == 2


def test_hundreds_of_waiting_registrations_neither_block_nor_need_a_thread_each(stage: Stage) -> None:
    before = threading.active_count()
    most = [0]

    def watch(_: Any) -> None:
        most[0] = max(most[0], threading.active_count())

    for index in range(300):
        stage.cloud.on("create", f"t{index}", watch)
    assert stage.up(lambda: _many(300), parallel=16).succeeded
    # The SDK's own pool is four times as large as the parallelism.
    assert most[0] < before + 64 + 16 + 16 + 20


def test_cancelled_update_ends_running_steps_and_begins_no_more(stage: Stage) -> None:
    def hang(_: Any) -> CreateReply:
        stage.cancel.set()
        assert stage.cloud.cancelled.wait(timeout=10), "the provider must be told"
        return CreateReply(id="late", outputs={})

    def program() -> None:
        a = Thing("a")
        Thing("b", value=a.made)

    stage.cloud.on("create", "a", hang)
    outcome = stage.up(program)
    assert not outcome.succeeded
    assert stage.resource("a").id == "late", "what was made is remembered"
    assert stage.cloud.names("create") == ["a"]
    assert any("cancelEvent" in one for one in stage.events)
    assert outcome.error == "update canceled"


def test_terminated_update_leaves_a_pending_operation_of_a_hanging_provider(stage: Stage) -> None:
    release = threading.Event()

    def hang(_: Any) -> CreateReply:
        stage.cancel.set()
        stage.terminate.set()
        release.wait(timeout=30)
        return CreateReply(id="too late", outputs={})

    stage.cloud.on("create", "a", hang)
    began = time.monotonic()
    outcome = stage.up(lambda: (Thing("a"), None)[1])
    release.set()
    assert time.monotonic() - began < 20
    assert not outcome.succeeded
    assert [one.type for one in stage.state.pending] == ["creating"]


def test_pending_create_of_a_dead_process_survives_and_is_told(stage: Stage) -> None:
    stage.up(lambda: (Thing("a"), None)[1])
    lost = PendingOperation(resource=stage.resource("a"), type="creating")
    updating = PendingOperation(resource=stage.resource("a"), type="updating")
    stage.state = Deployment(resources=stage.state.resources, pending=(lost, updating))
    outcome = stage.up(lambda: (Thing("a"), None)[1])
    assert outcome.succeeded
    assert stage.state.pending == (lost,)
    warnings = [one["diagnosticEvent"] for one in stage.events if "diagnosticEvent" in one]
    assert any(
        line["severity"] == "warning" and "::a, interrupted while creating" in line["message"] for line in warnings
    )


def test_killed_process_leaves_its_step_in_the_last_save(tmp_path: Path) -> None:
    script = tmp_path / "victim.py"
    script.write_text(
        textwrap.dedent(
            """
            import pickle, sys, time
            from pathlib import Path
            import engine.providers
            from tests.engine.deploy.cloud import Cloud, CloudProvider
            from tests.engine.deploy.stage import Stage, Thing

            cloud, folder = Cloud(), Path(sys.argv[1])
            engine.providers.register("cloud", lambda host: CloudProvider(cloud, host))

            class Saving(Stage):
                def _save(self, deployment):
                    (folder / "state").write_bytes(pickle.dumps(deployment))

            def hang(request):
                (folder / "hanging").touch()
                time.sleep(60)

            cloud.on("create", "b", hang)

            def program():
                a = Thing("a")
                Thing("b", value=a.made)

            Saving(cloud=cloud, directory=folder).up(program)
            """
        )
    )
    victim = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)], env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    )
    try:
        _wait_for(tmp_path / "hanging")
    finally:
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    import pickle

    state = pickle.loads((tmp_path / "state").read_bytes())
    assert [one.urn.rpartition("::")[2] for one in state.resources] == ["demo-dev", "default", "a"]
    assert [(one.type, one.resource.urn.rpartition("::")[2]) for one in state.pending] == [("creating", "b")]


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not come"
        time.sleep(0.05)
