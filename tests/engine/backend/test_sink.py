"""When states are stored: before anything is begun, and the newest of what ended."""

from __future__ import annotations

import threading

import pytest

from engine.backend.sink import StateSink
from engine.errors import StateError
from engine.state.model import Deployment, PendingOperation, Resource


def _deployment(done: int, pending: str = "") -> Deployment:
    made = tuple(Resource(urn=f"urn:{number}", type="t", custom=False) for number in range(done))
    begun = PendingOperation(resource=Resource(urn=pending, type="t", custom=True), type="creating")
    return Deployment(resources=made, pending=(begun,) if pending else ())


def _render(deployment: Deployment) -> str:
    return f"{len(deployment.resources)} {len(deployment.pending)}"


def test_an_announced_operation_is_stored_before_save_returns():
    written: list[str] = []
    sink = StateSink(lambda state: written.append(_render(state)))
    sink.save(_deployment(3, "urn:x"))
    assert written[-1] == "3 1"
    sink.save(_deployment(4))
    sink.save(_deployment(4, "urn:x"))
    assert written[-1] == "4 1"
    sink.finish()


def test_ended_steps_do_not_wait_and_the_newest_wins():
    written: list[str] = []
    gate = threading.Event()

    def write(state: Deployment) -> None:
        gate.wait(5)
        written.append(_render(state))

    sink = StateSink(write)
    for number in range(50):
        sink.save(_deployment(number))
    gate.set()
    sink.finish()
    assert written[-1] == "49 0"
    assert len(written) <= 2


def test_an_error_of_the_writer_reaches_whoever_saves():
    def write(_state: Deployment) -> None:
        raise StateError("disk full")

    sink = StateSink(write)
    with pytest.raises(StateError, match="disk full"):
        sink.save(_deployment(1, "urn:x"))
    with pytest.raises(StateError, match="disk full"):
        sink.finish()
