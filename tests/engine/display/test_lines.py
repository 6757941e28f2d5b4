"""What an update looks like where nothing can be written over."""

from __future__ import annotations

from engine.deploy.api import Event
from engine.display import lines as module
from engine.display.board import Board
from engine.display.lines import Lines
from engine.display.look import Look
from tests.engine.display.made import ROOT, begun, changed, ended, resource, said, stack, step


def _shown(*events: Event, **flags) -> list[str]:
    found: list[str] = []
    board = Board(Look(**{"timings": False, **flags}), ROOT, Lines(found.append, Look(timings=False)))
    for event in events:
        board.take(event)
    return found


def test_a_step_shows_its_begin_and_end():
    assert _shown(begun(step("create")), ended(step("create"))) == [
        " +  random:index/randomPet:RandomPet pet creating ",
        " +  random:index/randomPet:RandomPet pet created ",
    ]


def test_short_steps_show_hundredths_of_a_second_and_long_ones_whole_seconds(monkeypatch):
    for took, text in ((0.25, "(0.25s)"), (3.9, "(3s)")):
        clock = iter([0.0, 0.0, took, took, took])
        monkeypatch.setattr("time.monotonic", lambda clock=clock: next(clock))
        shown = _shown(begun(step("update")), ended(step("update")), timings=True)
        assert shown == [
            " ~  random:index/randomPet:RandomPet pet updating (0s) ",
            f" ~  random:index/randomPet:RandomPet pet updated {text} ",
        ]


def test_a_preview_shows_plans_and_what_would_change_once():
    old, new = resource(inputs={"a": 1, "b": 2}), resource(inputs={"a": 2, "c": 3})
    planned = step("replace", old, new)
    assert _shown(begun(planned, planning=True), ended(planned, planning=True), preview=True) == [
        " +- random:index/randomPet:RandomPet pet replace [diff: +c-b~a]"
    ]


def test_a_detailed_diff_names_the_property_that_changes():
    old, new = resource(inputs={"a": {"x": 1}, "b": 1}), resource(inputs={"a": {"x": 2}, "b": 2})
    assert _shown(begun(step("update", old, new, detailed=changed("a.x"))))[0].endswith("updating [diff: ~a]")


def test_what_stays_the_same_is_shown_only_when_asked_for():
    assert _shown(begun(step("same")), ended(step("same"))) == []
    assert _shown(begun(step("same")), sames=True) == ["    random:index/randomPet:RandomPet pet  "]


def test_a_change_of_protection_is_shown_though_the_resource_stays():
    protected = step("same", resource(), resource(protect=True))
    assert _shown(begun(protected))[0].endswith("[diff: ~protect]")


def test_a_failure_is_marked():
    from engine.deploy import events

    error = said("no such pet", "error", urn=resource().urn)
    assert _shown(begun(step("create")), error, events.failed(step("create")))[1:] == [
        " +  random:index/randomPet:RandomPet pet creating error: no such pet",
        " +  random:index/randomPet:RandomPet pet **creating failed** error: no such pet",
    ]


def test_reads_are_shown_only_when_asked_for():
    assert _shown(begun(step("read"))) == [
        "    pulumi:pulumi:Stack shop-dev running read random:index/randomPet:RandomPet pet"
    ]
    assert _shown(begun(step("read")), reads=True) == [" >  random:index/randomPet:RandomPet pet reading "]


def test_debug_lines_are_only_shown_when_asked_for():
    assert _shown(said("registering", "debug")) == []
    assert _shown(said("registering", "debug"), debug=True)[0].endswith("debug: registering")


def test_the_stack_ends_last_with_what_was_said_about_it():
    found: list[str] = []
    board = Board(Look(timings=False), ROOT, Lines(found.append, Look(timings=False)))
    for event in (begun(step("create", new=stack())), ended(step("create", new=stack())), said("hello"), said("well")):
        board.take(event)
    board.close()
    assert found[-1] == " +  pulumi:pulumi:Stack shop-dev created 2 messages"


def test_a_resource_that_nobody_finished_is_called_interrupted():
    found: list[str] = []
    board = Board(Look(timings=False), ROOT, Lines(found.append, Look(timings=False)))
    board.take(begun(step("create")))
    board.close()
    assert " +  random:index/randomPet:RandomPet pet creating (interrupted) " in found


def test_urns_stand_in_the_place_of_type_and_name():
    assert _shown(begun(step("create")), urns=True) == [f" +  {resource().urn} creating "]


def test_what_is_kept_in_the_cloud_says_so():
    kept = step("delete", resource(retain_on_delete=True))
    assert _shown(begun(kept)) == [" -  random:index/randomPet:RandomPet pet deleting[retain] "]


def test_seconds_of_silence_become_dots(monkeypatch):
    monkeypatch.setattr(module, "_TICK_SECONDS", 0.01)
    found: list[str] = []
    lines = Lines(found.append, Look())
    lines.watch()
    lines._stopped.wait(0.5)
    lines.line("then")
    lines.finished()
    assert found[0] == "@ Updating..." + "." * 20
    assert found[-1] == "then"
