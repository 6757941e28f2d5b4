"""What an update looks like, line by line."""

from __future__ import annotations

import time

from engine.command import display
from engine.command.display import LineDisplay, Style, outputs, summary
from engine.deploy.api import Event

URN = "urn:pulumi:dev::shop::demo:index:C$random:index/randomPet:RandomPet::pet"


def _event(kind: str, op: str, **meta) -> Event:
    return {kind: {"metadata": {"op": op, "urn": URN, **meta}}}


def _shown(*events: Event, style: Style | None = None) -> list[str]:
    lines: list[str] = []
    shown = LineDisplay(lines.append, style or Style(progress=False))
    for event in events:
        shown.take(event)
    shown.close()
    shown.diagnostics()
    return lines


def test_a_step_shows_its_begin_and_end():
    lines = _shown(_event("resourcePreEvent", "create"), _event("resOutputsEvent", "create"))
    assert lines == [
        " +  random:index/randomPet:RandomPet pet creating",
        " +  random:index/randomPet:RandomPet pet created",
    ]


def test_a_step_of_more_than_a_second_shows_its_time(monkeypatch):
    clock = iter([0.0, 3.2])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    assert _shown(_event("resourcePreEvent", "update"), _event("resOutputsEvent", "update"))[-1].endswith(
        "updated (3s)"
    )


def test_a_preview_shows_plans_and_differences():
    event = _event("resourcePreEvent", "replace", detailedDiff={"length": {}, "prefix": {}})
    assert _shown(event, style=Style(preview=True)) == [
        " +- random:index/randomPet:RandomPet pet replace [diff: length,prefix]"
    ]


def test_what_stays_the_same_is_not_shown():
    assert _shown(_event("resourcePreEvent", "same"), _event("resOutputsEvent", "same")) == []


def test_a_failure_is_marked_and_its_cause_comes_at_the_end():
    error = {"diagnosticEvent": {"urn": URN, "severity": "error", "prefix": "error: ", "message": "no such pet\n"}}
    lines = _shown(_event("resourcePreEvent", "create"), error, _event("resOpFailedEvent", "create"))
    assert lines[1].endswith("**creating failed**")
    assert lines[-2:] == ["  random:index/randomPet:RandomPet (pet):", "    error: no such pet"]


def test_debug_lines_are_only_shown_when_asked_for():
    line = {"diagnosticEvent": {"severity": "debug", "message": "registering"}}
    assert _shown(line) == []
    assert _shown(line, style=Style(debug=True)) == ["    registering"]


def test_a_long_step_is_mentioned_again_while_it_runs(monkeypatch):
    monkeypatch.setattr(display, "_HEARTBEAT_SECONDS", 0.02)
    lines: list[str] = []
    shown = LineDisplay(lines.append, Style())
    shown.take(_event("resourcePreEvent", "create"))
    shown._stopped.wait(0.2)
    shown.close()
    assert len(lines) > 1
    assert lines[1].startswith(" +  random:index/randomPet:RandomPet pet creating (")


def test_the_summary_counts_what_was_done():
    assert summary({"create": 2, "update": 1, "same": 5}, 75, preview=False) == [
        "",
        "Resources:",
        "    + 2 created",
        "    ~ 1 updated",
        "    3 changes. 5 unchanged",
        "",
        "Duration: 1m15s",
    ]
    assert "    + 2 to create" in summary({"create": 2}, 1, preview=True)


def test_outputs_are_aligned_and_secrets_masked():
    assert outputs({"a": 1, "long": "x", "s": "[secret]"})[2:] == ["    a   : 1", '    long: "x"', "    s   : [secret]"]
