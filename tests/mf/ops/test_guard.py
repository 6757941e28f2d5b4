"""Two processes on one stack: one waits visibly, or fails clearly with the holder's name."""

from __future__ import annotations

import pytest
from pulumi.automation import CommandResult
from pulumi.automation.errors import create_command_error

from mf.errors import DeployFailed, Locked
from mf.ops import guard
from mf.ops.progress import Note, Progress
from mf.ops.updates import Watcher

HELD = (
    "error: the stack is currently locked by 1 lock(s):\n"
    "  Lease ns/pulumi-app-web: created by me@host (pid 42) at 2026-01-01T00:00:00Z"
)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_POLL", 0.001)


def _failing(stderr: str, *, times: int, calls: list[int]):
    def update() -> str:
        calls.append(1)
        if len(calls) <= times:
            raise create_command_error(CommandResult(stdout="", stderr=stderr, code=1))
        return "done"

    return update


def test_it_waits_for_the_other_process_and_says_so_once() -> None:
    told: list[Progress] = []
    calls: list[int] = []
    result = guard.Guard(title="app web", report=told.append, wait=30).run(
        _failing(HELD, times=3, calls=calls), Watcher(told.append)
    )
    assert (result, len(calls)) == ("done", 4)
    assert told == [Note("another process is changing app web; waiting up to 30s for it")]


def test_when_it_takes_too_long_the_holder_is_named() -> None:
    with pytest.raises(Locked, match=r"app web is still .*created by me@host \(pid 42\).*gave up after 0s"):
        guard.Guard(title="app web", report=lambda _: None, wait=0).run(
            _failing(HELD, times=9, calls=[]), Watcher(lambda _: None)
        )


def test_any_other_failure_is_a_failed_deployment_at_once() -> None:
    calls: list[int] = []
    with pytest.raises(DeployFailed, match="no such image"):
        guard.Guard(title="app web", report=lambda _: None).run(
            _failing("error: no such image", times=9, calls=calls), Watcher(lambda _: None)
        )
    assert len(calls) == 1


def test_an_interrupted_update_ends_as_an_interrupt_not_as_a_failure() -> None:
    watcher = Watcher(lambda _: None)
    watcher.hear("interrupted: stopping")
    with pytest.raises(KeyboardInterrupt):
        guard.Guard(title="app web", report=lambda _: None).run(
            _failing("error: update cancelled", times=9, calls=[]), watcher
        )
