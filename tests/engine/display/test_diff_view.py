"""The rich difference: property by property."""

from __future__ import annotations

import textwrap

import pytest

from engine.display.diff_view import DiffView
from engine.display.look import Look
from engine.provider_api import DiffKind, PropertyDiff
from engine.values import UNKNOWN, Asset, Secret
from tests.engine.display.made import begun, changed, ended, resource, stack, step, summed


def _view(*events, **flags) -> str:
    found: list[str] = []
    view = DiffView(found.append, Look(diff=True, **flags))
    for event in events:
        view.take(event)
    return "\n".join(found)


def _properties(old: dict[str, object], new: dict[str, object], **flags) -> list[str]:
    before, after = resource(inputs=old, id="x"), resource(inputs=new, id="x")
    return _view(begun(step("update", before, after)), **flags).splitlines()[3:]


def test_a_new_resource_shows_all_of_its_properties():
    made = resource(inputs={"length": 2, "keepers": {"a": "b"}, "tags": ["x"], "on": True, "none": None})
    assert _view(begun(step("create", new=made))) == textwrap.dedent(
        """\
        + random:index/randomPet:RandomPet: (create)
            [urn=urn:pulumi:dev::shop::random:index/randomPet:RandomPet::pet]
            keepers: {
                a: "b"
            }
            length : 2
            none   : <null>
            on     : true
            tags   : [
                [0]: "x"
            ]"""
    )


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ({"a": 1}, {"a": 2}, ["  ~ a: 1 => 2"]),
        ({"a": "one"}, {"a": "two"}, ['  ~ a: "one" => "two"']),
        ({"a": 1}, {"b": 2}, ["  - a: 1", "  + b: 2"]),
        ({"a": {"x": 1, "y": 2}}, {"a": {"x": 2, "y": 2}}, ["  ~ a: {", "      ~ x: 1 => 2", "        y: 2", "    }"]),
        (
            {"a": [1, 2]},
            {"a": [1, 3, 4]},
            ["  ~ a: [", "        [0]: 1", "      ~ [1]: 2 => 3", "      + [2]: 4", "    ]"],
        ),
        ({"a": Secret("x")}, {"a": Secret("y")}, ["  ~ a: [secret] => [secret]"]),
        ({"a": "x"}, {"a": UNKNOWN}, ['  ~ a: "x" => [unknown]']),
        ({"a": "x"}, {"a": [1]}, ['  - a: "x"', "  + a: [", "  +     [0]: 1", "    ]"]),
        ({"a": '{"k": 1}'}, {"a": '{"k": 2}'}, ["  ~ a: (json) {", "      ~ k: 1 => 2", "    }"]),
        ({"a": "k: 1\nj: 2"}, {"a": "k: 1\nj: 3"}, ["  ~ a: (yaml) {", "      ~ j: 2 => 3", "        k: 1", "    }"]),
        (
            {"a": Asset(path="f.txt", hash="0123456789")},
            {"a": Asset(path="f.txt", hash="abcdefghij")},
            ["  ~ a: asset(file:0123456->abcdefg) { f.txt }"],
        ),
    ],
)
def test_each_kind_of_change_has_its_form(old, new, lines):
    assert _properties(old, new) == lines


def test_several_lines_of_text_are_compared_line_by_line():
    old = "\n".join(f"line {number}" for number in range(20))
    new = old.replace("line 10", "line ten")
    assert _properties({"a": old}, {"a": new}) == [
        "  ~ a: ",
        "        ...",
        "        line 8",
        "        line 9",
        "      - line 10",
        "      + line ten",
        "        line 11",
        "        line 12",
        "        ...",
    ]


def test_secrets_are_shown_when_asked_for():
    assert _properties({"a": Secret("x")}, {"a": Secret("y")}, secrets=True) == ['  ~ a: "x" => "y"']


def test_long_texts_are_cut_unless_wanted_whole():
    long = "x" * 400
    made = begun(step("create", new=resource(inputs={"a": long})))
    assert f'a: "{"x" * 150}..."' in _view(made)
    assert f'a: "{long}"' in _view(made, full_output=True)


def test_a_detailed_diff_decides_what_is_shown():
    old, new = resource(inputs={"a": {"x": 1, "y": 1}, "b": 1}), resource(inputs={"a": {"x": 2, "y": 2}, "b": 2})
    shown = _view(begun(step("update", old, new, detailed=changed("a.x"))))
    assert shown.splitlines()[2:] == ["  ~ a: {", "      ~ x: 1 => 2", "    }"]


def test_a_detailed_diff_of_something_only_the_provider_knows_is_unknown():
    detailed = {"arn": PropertyDiff(kind=DiffKind.ADD)}
    assert _view(begun(step("update", resource(), resource(), detailed=detailed))).endswith("  + arn: [unknown]")


def test_an_update_without_a_detailed_diff_compares_what_goes_in():
    old = resource(inputs={"v": "one"}, outputs={"v": "one", "made": "yes"})
    new = resource(inputs={"v": "two"}, outputs={"v": "one", "made": "yes"})
    shown = _view(begun(step("update", old, new, diffs=("v",))))
    assert shown.splitlines()[2:] == ['  ~ v: "one" => "two"']


def test_a_protected_resource_wears_a_lock():
    assert "(same) 🔒" in _view(begun(step("same", resource(), resource(protect=True))))
    assert "(same) 🔓" in _view(begun(step("same", resource(protect=True), resource())))


def test_the_parts_of_a_replacement_are_shown_only_when_asked_for():
    part = begun(step("create-replacement", resource(), resource()))
    assert _view(part) == ""
    assert "(create-replacement)" in _view(part, replacement_steps=True)


def test_the_stacks_outputs_stand_at_its_end():
    shown = _view(begun(step("same", stack(a=1), stack(a=2))), ended(step("same", stack(a=1, b=1), stack(a=2, b=1))))
    assert shown.splitlines()[-3:] == ["    --outputs:--", "  ~ a: 1 => 2", "    b: 1"]


def test_the_summary_counts_what_was_done():
    assert _view(summed(create=2, update=1, same=5, read=1)).splitlines() == [
        "Resources:",
        "    + 2 created",
        "    ~ 1 updated",
        "    3 changes. 5 unchanged",
        "",
        "Duration: 1m15s",
    ]
    assert _view(summed(preview=True, replace=2)).splitlines() == ["Resources:", "    +-2 to replace"]
