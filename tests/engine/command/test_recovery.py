"""kill -9 in the middle of an update: the next one knows what was under way, and goes on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.command.conftest import PASSPHRASE
from tests.engine.command.killed_update import stack
from tests.engine.deploy.cloud import Cloud


@pytest.fixture
def environment(tmp_path, salt) -> dict[str, str]:
    """The environment of a stack in a folder."""
    (tmp_path / "state").mkdir()
    return {
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_HOME": str(tmp_path / "home"),
        "MF_ENCRYPTION_SALT": salt,
    }


@pytest.fixture
def busy(environment, tmp_path) -> Iterator[subprocess.Popen[str]]:
    """A process whose update is creating `second`."""
    marker = tmp_path / "marker"
    pairs = [f"{key}={value}" for key, value in environment.items()]
    command = [sys.executable, "-m", "tests.engine.command.killed_update", str(marker), *pairs]
    root = Path(__file__).resolve().parents[3]
    with subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not marker.exists():
            assert process.poll() is None, "the update ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield process
        process.kill()


@pytest.fixture
def killed(busy, environment) -> dict[str, str]:
    """The environment of a stack whose update was killed while it created `second`."""
    busy.kill()
    busy.wait()
    return dict(environment)


def _latest(environment: dict[str, str]) -> dict:  # type: ignore[type-arg] # plain JSON
    root = Path(environment["PULUMI_BACKEND_URL"].removeprefix("file://"))
    text = (root / ".pulumi/stacks/shop/dev.json").read_text()
    return dict(json.loads(text)["checkpoint"]["latest"])


def test_the_state_names_what_was_under_way(killed):
    latest = _latest(killed)
    made = [item["urn"].rpartition("::")[2] for item in latest["resources"]]
    assert "first" in made
    assert "second" not in made
    assert [(item["type"], item["resource"]["urn"].rpartition("::")[2]) for item in latest["pending_operations"]] == [
        ("creating", "second")
    ]


def test_the_next_update_takes_over_the_lock_says_so_and_doubles_nothing(killed):
    cloud = Cloud()
    complaints: list[str] = []
    result = stack(killed, cloud).up(on_error=complaints.append)
    assert cloud.names("create") == ["second"]
    assert result.summary.resource_changes == {"same": 2, "create": 1}
    assert any("took over the lock of a process that is gone" in line for line in complaints)


def test_a_pending_create_can_be_cleared(killed):
    restored = stack(killed, Cloud())
    restored.refresh(clear_pending_creates=True)
    assert "pending_operations" not in _latest(killed)
    restored.cancel()


def test_a_second_interrupt_does_not_wait_and_leaves_the_stack_free(busy, environment):
    busy.send_signal(signal.SIGINT)
    time.sleep(1)
    assert busy.poll() is None, "the first interrupt waits for what is under way"
    busy.send_signal(signal.SIGINT)
    _, complaint = busy.communicate(timeout=30)
    assert busy.returncode not in (0, -signal.SIGKILL)
    assert "interrupted" in complaint
    assert [item["type"] for item in _latest(environment)["pending_operations"]] == ["creating"]
    assert not list(Path(environment["PULUMI_BACKEND_URL"].removeprefix("file://")).rglob("locks/**/*.json"))
