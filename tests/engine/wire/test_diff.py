"""Differences between properties."""

from __future__ import annotations

from engine.provider_api import DiffKind
from engine.values import UNKNOWN, Asset, Secret
from engine.wire.diff import diff_props, equal


def test_added_deleted_and_changed_paths_are_told_apart():
    olds = {"a": 1, "b": {"c": [1, 2]}, "gone": None}
    news = {"a": 2, "b": {"c": [1, 2, 3]}, "x.y": True}
    assert diff_props(olds, news) == {
        "a": DiffKind.UPDATE,
        "b.c[2]": DiffKind.ADD,
        "gone": DiffKind.DELETE,
        '["x.y"]': DiffKind.ADD,
    }


def test_secrecy_alone_is_no_difference():
    assert diff_props({"a": Secret(1)}, {"a": 1}) == {}


def test_an_unknown_differs_from_everything():
    assert not equal(UNKNOWN, UNKNOWN)


def test_true_is_not_one_but_one_point_zero_is():
    assert not equal(True, 1)
    assert equal(1.0, 1)


def test_assets_are_compared_by_hash():
    assert equal(Asset(path="a", hash="h"), Asset(text="b", hash="h"))
    assert not equal(Asset(path="a", hash="h"), Asset(path="a", hash="i"))


def test_ignored_paths_are_left_out():
    assert diff_props({"a": {"b": 1}}, {"a": {"b": 2}}, ignore=("a",)) == {}
