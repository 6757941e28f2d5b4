"""Several `mf` at once, and killed ones: nothing is lost, doubled or broken, and apps serve on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Platform, stop, until

pytestmark = pytest.mark.e2e

APP = "microfoundry.dev/app=web"


@pytest.fixture(scope="module")
def web(platform: Platform, teller: Path) -> Platform:
    """The app `web`, which tells what it is."""
    platform.mf("push", "web", "-p", str(teller))
    return platform


def deployment(platform: Platform) -> dict[str, Any]:
    (found,) = platform.objects("apps/v1", "Deployment", APP)
    return found


def finish(*processes: subprocess.Popen[str]) -> list[str]:
    """What they said; all of them have to succeed."""
    said = [process.communicate(timeout=200)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), "\n".join(said)
    return said


def is_whole(platform: Platform, source: Path) -> None:
    """One of each, nothing left of an earlier version, a readable state; the same push again does nothing."""
    for api, kind in (("apps/v1", "Deployment"), ("v1", "Service"), ("gateway.networking.k8s.io/v1", "HTTPRoute")):
        assert len(platform.objects(api, kind, APP)) == 1, kind
    sets = platform.objects("apps/v1", "ReplicaSet", APP)
    assert len([item for item in sets if item["spec"]["replicas"]]) == 1
    heads = platform.objects("v1", "Secret", "pulumi.com/stack=web,microfoundry.dev/part=head")
    assert len(heads) == 1
    before = deployment(platform)["metadata"]["generation"]
    again = json.loads(platform.mf("push", "web", "-p", str(source), "--json").out)
    assert (again["changed"], again["built"]) == (False, False)
    assert deployment(platform)["metadata"]["generation"] == before


def another_version(folder: Path, tmp_path: Path) -> Path:
    """The same app with other source."""
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    with (other / "app.py").open("a") as source:
        source.write(f"# {tmp_path.name}\n")
    return other


@contextmanager
def asked_all_the_while(platform: Platform, *, most: int = 300) -> Iterator[list[int]]:
    """The statuses of a request every few moments, as long as the block lasts and `most` allow."""
    statuses: list[int] = []
    done = threading.Event()

    def ask() -> None:
        while not done.wait(0.1) and len(statuses) < most:
            statuses.append(platform.get("web", "/id")[0])

    asker = threading.Thread(target=ask)
    asker.start()
    try:
        yield statuses
    finally:
        done.set()
        asker.join()


def test_two_pushes_at_the_same_time_end_with_one_of_them_whole(web: Platform, teller: Path, tmp_path: Path) -> None:
    other = another_version(teller, tmp_path)
    with asked_all_the_while(web) as statuses:
        pushes = [web.start("push", "web", "-p", str(folder), "--json") for folder in (teller, other)]
        finish(*pushes)
    assert set(statuses) == {200}
    web.mf("push", "web", "-p", str(other))
    is_whole(web, other)
    web.mf("push", "web", "-p", str(teller))
    is_whole(web, teller)


def test_changes_of_different_things_at_the_same_time_all_count(web: Platform, teller: Path, tmp_path: Path) -> None:
    other = another_version(teller, tmp_path)
    finish(
        web.start("push", "web", "-p", str(other)),
        web.start("map-route", "web", "one"),
        web.start("map-route", "web", "two"),
        web.start("set-env", "web", "COLOUR=blue"),
        web.start("set-env", "web", "SHAPE=round"),
    )
    for host in ("web", "one", "two"):
        until(lambda host=host: web.get(host)[0] == 200, seconds=10)  # type: ignore[misc] # bound now
    until(lambda: web.get("web", "/env/COLOUR") == (200, "blue"), seconds=20)
    assert web.get("web", "/env/SHAPE") == (200, "round")
    assert not json.loads(web.mf("push", "web", "-p", str(other), "--json").out)["changed"]
    finish(web.start("unmap-route", "web", "one"), web.start("unmap-route", "web", "two"))
    assert [web.get(host)[0] for host in ("one", "two", "web")] == [404, 404, 200]


def test_who_may_not_wait_is_told_that_another_process_is_at_it(web: Platform) -> None:
    process = web.start("restart", "web")
    until(lambda: locked(web), seconds=20)
    refused = web.mf("scale", "web", "-m", "192M", "--wait", "0", ok=False)
    finish(process)
    assert refused.code != 0
    assert "app web is still being changed by another process" in refused.err
    assert json.loads(web.mf("app", "web", "--json").out)["memory"] != "192Mi"


def locked(platform: Platform) -> bool:
    """Whether somebody holds the lock of the app's stack."""
    leases = platform.objects("coordination.k8s.io/v1", "Lease", "")
    return any(lease["spec"].get("holderIdentity") and "app-web" in lease["metadata"]["name"] for lease in leases)


def test_a_push_killed_in_the_middle_of_its_roll_out_is_finished_by_the_next(web: Platform, teller: Path) -> None:
    before = deployment(web)["metadata"]["generation"]
    with asked_all_the_while(web) as statuses:
        process = web.start("push", "web", "-p", str(teller), "-e", "ROUND=2")
        until(lambda: deployment(web)["metadata"]["generation"] > before, seconds=60)
        stop(process, signal.SIGKILL)
        time.sleep(2)
        next_one = web.mf("push", "web", "-p", str(teller), "-e", "ROUND=2")
    assert set(statuses) == {200}
    assert next_one.seconds < 45
    until(lambda: web.get("web", "/env/ROUND") == (200, "2"), seconds=20)
    is_whole(web, teller)


def test_a_change_killed_before_it_began_to_change_anything_is_done_by_the_next(web: Platform, teller: Path) -> None:
    process = web.start("scale", "web", "-i", "2")
    until(lambda: locked(web), seconds=20)
    stop(process, signal.SIGKILL)
    web.mf("scale", "web", "-i", "2")
    assert json.loads(web.mf("app", "web", "--json").out)["ready"] == 2
    web.mf("scale", "web", "-i", "1")
    is_whole(web, teller)


def test_apps_serve_on_when_every_mf_is_killed(web: Platform) -> None:
    commands = (("restart", "web"), ("logs", "web", "-f"), ("set-env", "web", "LAST=1"), ("map-route", "web", "three"))
    processes = [web.start(*words) for words in commands]
    time.sleep(1.5)
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=10)
    statuses = []
    for _ in range(60):
        statuses.append(web.get("web", "/id")[0])
        time.sleep(0.1)
    assert set(statuses) == {200}
    web.mf("restart", "web")
    assert web.get("web", "/id")[0] == 200
