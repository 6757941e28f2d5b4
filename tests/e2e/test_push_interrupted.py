"""Ctrl-C, kill -9 and two pushes at once: the next run finishes the job, and nothing is doubled."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Platform, stop
from tests.e2e.test_push_failures import GOOD

pytestmark = pytest.mark.e2e

SLOW = "import time; time.sleep(8)\n"
Write = Callable[[str], Path]


def read_until(process: subprocess.Popen[str], word: str) -> str:
    """Everything printed up to the line with the word."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if word in line:
            return said
    raise AssertionError(f"it ended before it said {word!r}:\n{said}")


def only_one(platform: Platform, app: str) -> None:
    """One Deployment, Service and route, and in the end one running instance."""
    labels = f"microfoundry.dev/app={app}"
    for api, kind in (("apps/v1", "Deployment"), ("v1", "Service"), ("gateway.networking.k8s.io/v1", "HTTPRoute")):
        assert len(platform.objects(api, kind, labels)) == 1, kind
    sets = platform.objects("apps/v1", "ReplicaSet", labels)
    assert len([item for item in sets if item["spec"]["replicas"]]) == 1


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("moment", ["STEP", "upload"])
def test_an_interrupted_push_is_finished_by_the_next(
    platform: Platform, app_folder: Write, sign: signal.Signals, moment: str
) -> None:
    name = f"cut-{sign.name.lower()}-{moment.lower()}"
    folder = app_folder(f"# {name}\n{SLOW}{GOOD}")
    process = platform.start("push", name, "-p", str(folder))
    read_until(process, moment)
    if moment == "upload":
        time.sleep(4)  # in the middle of the roll-out
    stop(process, sign)
    assert process.returncode != 0
    platform.mf("push", name, "-p", str(folder))
    assert platform.get(name) == (200, "version one")
    only_one(platform, name)


def test_two_pushes_of_one_app_wait_for_each_other(platform: Platform, app_folder: Write) -> None:
    folder = app_folder(SLOW + GOOD)
    processes = [platform.start("push", "twice", "-p", str(folder), "--wait", "120") for _ in range(2)]
    for process in processes:
        said, _ = process.communicate(timeout=300)
        assert process.returncode == 0, said
    assert platform.get("twice") == (200, "version one")
    only_one(platform, "twice")


def test_a_running_app_does_not_need_mf(platform: Platform, app_folder: Write) -> None:
    folder = app_folder(GOOD)
    platform.mf("push", "alone", "-p", str(folder))
    process = platform.start("push", "alone", "-p", str(folder), "-e", "A=1")
    read_until(process, "detect")
    answers = {platform.get("alone")[0] for _ in range(10)}
    stop(process, signal.SIGKILL)
    answers |= {platform.get("alone")[0] for _ in range(10)}
    assert answers == {200}
