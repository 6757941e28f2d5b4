"""Property paths: read, change, match."""

from __future__ import annotations

import pytest

from engine.errors import UsageError
from engine.values import Secret
from engine.wire.paths import MISSING, contains, delete, expand, get, parse, put, render

VALUE = {"a": {"b": [{"x y": 1}, Secret({"k": "v"})]}, "n": None}


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("a.b[0].c", ("a", "b", 0, "c")),
        ('a["x y"]["*"]', ("a", "x y", "*")),
        ("[3]", (3,)),
        ("list[*].x", ("list", "*", "x")),
        (r'["a\"b"]', ('a"b',)),
    ],
)
def test_a_path_is_read_step_by_step(text, steps):
    assert parse(text) == steps
    if "*" not in steps:
        assert parse(render(steps)) == steps


@pytest.mark.parametrize("text", ["a..b", "a.", "a[", "a[x]", 'a["b]'])
def test_a_path_that_makes_no_sense_is_refused(text):
    with pytest.raises(UsageError, match="property path"):
        parse(text)


def test_get_looks_through_secrets_and_tells_null_from_absence():
    assert get(VALUE, parse("a.b[1].k")) == "v"
    assert get(VALUE, parse("n")) is None
    assert get(VALUE, parse("a.b[7]")) is MISSING


def test_put_copies_and_keeps_secrets_secret():
    changed = put(VALUE, parse("a.b[1].k"), "w")
    assert changed["a"]["b"][1] == Secret({"k": "w"})
    assert get(VALUE, parse("a.b[1]")) == Secret({"k": "v"})


def test_put_makes_the_maps_and_lists_on_the_way():
    assert put({}, parse("a.b[0].c"), 1) == {"a": {"b": [{"c": 1}]}}


def test_put_beyond_the_end_of_a_list_is_refused():
    with pytest.raises(UsageError, match="next free one is 0"):
        put({"a": []}, parse("a[2]"), 1)


def test_delete_removes_only_what_is_named():
    assert delete(VALUE, parse('a.b[0]["x y"]'))["a"]["b"][0] == {}
    assert delete(VALUE, parse("a.b[0]"))["a"]["b"] == [Secret({"k": "v"})]
    assert delete(VALUE, parse("zz.b")) is VALUE


def test_wildcards_expand_to_what_exists():
    assert list(expand({"l": [{"x": 1}, {}, {"x": 2}]}, parse("l[*].x"))) == [("l", 0, "x"), ("l", 2, "x")]


def test_a_path_contains_what_lies_below_it():
    assert contains(parse("a[*]"), parse("a[2].b"))
    assert not contains(parse("a.b"), parse("a"))
    assert not contains(parse("a.b"), parse("a.bc"))
