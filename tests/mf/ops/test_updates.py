"""Engine events become progress, and a failed update becomes one line with its reasons."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.automation import EngineEvent

from mf.ops.progress import Note, Progress, Status, Step
from mf.ops.updates import Watcher

DEPLOYMENT = "urn:pulumi:web::app::microfoundry:index:App$kubernetes:apps/v1:Deployment::web"
STACK = "urn:pulumi:web::app::pulumi:pulumi:Stack::app-web"


def _step(op: str, urn: str = DEPLOYMENT, *, custom: bool = True) -> dict[str, Any]:
    kind = urn.split("::")[2].split("$")[-1]
    state = {"type": kind, "urn": urn, "custom": custom}
    return {"metadata": {"op": op, "urn": urn, "type": kind, "new": state}}


def _error(message: str, urn: str = DEPLOYMENT) -> dict[str, Any]:
    return {"diagnosticEvent": {"message": message, "severity": "error", "urn": urn, "color": "raw"}}


def _watched(*events: dict[str, Any]) -> tuple[Watcher, list[Progress]]:
    told: list[Progress] = []
    watcher = Watcher(told.append)
    for event in events:
        watcher(EngineEvent.from_json(event))
    return watcher, told


def test_a_step_is_told_when_it_starts_and_when_it_is_done() -> None:
    _, told = _watched({"resourcePreEvent": _step("create")}, {"resOutputsEvent": _step("create")})
    assert [(s.verb, s.kind, s.name, s.state) for s in told if isinstance(s, Step)] == [
        ("create", "Deployment", "web", "started"),
        ("create", "Deployment", "web", "done"),
    ]


@pytest.mark.parametrize("op", ["same", "read", "refresh", "discard"])
def test_steps_that_change_nothing_are_not_told(op: str) -> None:
    assert _watched({"resourcePreEvent": _step(op)}, {"resOutputsEvent": _step(op)})[1] == []


def test_neither_the_stack_nor_components_are_told() -> None:
    component = "urn:pulumi:web::app::microfoundry:index:App::web"
    events = [
        {"resOutputsEvent": _step("create", STACK)},
        {"resOutputsEvent": _step("create", component, custom=False)},
    ]
    assert _watched(*events)[1] == []


def test_a_plan_is_counted_but_nothing_in_it_is_called_done() -> None:
    planned = {**_step("create"), "planning": True}
    watcher, told = _watched({"resourcePreEvent": planned}, {"resOutputsEvent": planned})
    assert [step.state for step in told if isinstance(step, Step)] == ["planned"]
    assert watcher.counts() == {"create": 1, "same": 0}


def test_ephemeral_lines_are_status_and_warnings_are_notes() -> None:
    waiting = {"diagnosticEvent": {"message": "0 of 1 ready", "severity": "info", "ephemeral": True}}
    warning = {"diagnosticEvent": {"message": "<{%fg 3%}>careful<{%reset%}>", "severity": "warning"}}
    assert _watched(waiting, warning)[1] == [Status("0 of 1 ready"), Note("careful", "warning")]


def test_the_first_cause_is_the_message_and_the_rest_are_reasons() -> None:
    watcher, _ = _watched(
        _error("not ready:\n  - pod web-1: exit code 1\n  - last line: boom"), _error("update failed", STACK)
    )
    failure = watcher.failure("")
    assert failure.message == "Deployment web: not ready:"
    assert failure.reasons == ("  - pod web-1: exit code 1", "  - last line: boom")


def test_a_resource_is_not_named_twice() -> None:
    watcher, _ = _watched(_error("Deployment mf-default-dev/web: image not found"))
    assert watcher.failure("").message == "Deployment mf-default-dev/web: image not found"


def test_of_a_traceback_the_exception_comes_first_and_the_place_second() -> None:
    trace = (
        "Program failed with an unhandled exception:\nTraceback (most recent call last):\n"
        '  File "/a/pulumi/stack.py", line 1, in run\n    run()\n'
        '  File "/app/__main__.py", line 7, in <module>\n    import nope\n'
        "ModuleNotFoundError: No module named 'nope'\n"
    )
    failure = _watched(_error(trace, STACK))[0].failure("")
    assert failure.message == "ModuleNotFoundError: No module named 'nope'"
    assert failure.reasons == ('File "/app/__main__.py", line 7, in <module>',)


def test_without_diagnostics_the_engines_own_error_line_is_the_cause() -> None:
    output = "\n code: 1\n stdout: Updating\n stderr: error: the passphrase is wrong"
    assert Watcher(lambda _: None).failure(output).message == "the passphrase is wrong"


def test_an_interrupt_is_heard_and_shown() -> None:
    told: list[Progress] = []
    watcher = Watcher(told.append)
    watcher.hear("some other line")
    watcher.hear("interrupted: no new steps are begun")
    assert watcher.interrupted
    assert told == [Note("interrupted: no new steps are begun", "warning")]
