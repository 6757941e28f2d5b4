"""Replacements: the new one first, or the old one out of the way first, together with what depends on it."""

from __future__ import annotations

import pulumi

from tests.engine.deploy.stage import Stage, Thing


def test_replacement_is_made_before_the_old_one_is_deleted(stage: Stage) -> None:
    stage.up(lambda: _pair("1"))
    outcome = stage.up(lambda: _pair("2"))
    assert outcome.succeeded, stage.errors()
    assert stage.cloud.changes()[2:] == [("create", "a"), ("update", "b"), ("delete", "a")]
    assert outcome.changes == {"same": 1, "replace": 1, "update": 1}
    assert [op for op in stage.ops() if op[1] == "a"] == [
        ("create-replacement", "a"),
        ("replace", "a"),
        ("delete-replaced", "a"),
    ]
    assert stage.names() == ["a", "b"]
    assert stage.resource("a").id == "a-3"


def test_old_twin_stays_in_the_state_until_it_is_deleted(stage: Stage) -> None:
    stage.up(lambda: _pair("1"))
    stage.cloud.fail("delete", "a")
    outcome = stage.up(lambda: _pair("2"))
    assert not outcome.succeeded
    twins = [one for one in stage.state.resources if one.urn == stage.resource("a").urn]
    assert [(one.id, one.delete) for one in twins] == [("a-3", False), ("a-1", True)]

    stage.cloud.hooks.clear()
    stage.cloud.forget_calls()
    assert stage.up(lambda: _pair("2")).succeeded
    assert stage.cloud.changes() == [("delete", "a")]
    assert stage.names() == ["a", "b"]


def test_fixed_name_is_deleted_first_and_only_dependents_that_must_go_with_it(stage: Stage) -> None:
    def program(key: str) -> None:
        a = Thing("a", key=key, fixed=True)
        Thing("keyed", key=a.key, fixed=True)
        Thing("valued", value=a.key)
        Thing("apart", value="x")

    stage.up(lambda: program("1"))
    stage.cloud.forget_calls()
    outcome = stage.up(lambda: program("2"))
    assert outcome.succeeded, stage.errors()
    changes = stage.cloud.changes()
    assert changes[:3] == [("delete", "keyed"), ("delete", "a"), ("create", "a")]
    assert sorted(changes[3:]) == [("create", "keyed"), ("update", "valued")]
    assert sorted(stage.names()) == ["a", "apart", "keyed", "valued"]
    assert outcome.changes == {"same": 2, "replace": 2, "update": 1}


def test_option_overrules_the_provider_about_deleting_first(stage: Stage) -> None:
    def program(key: str) -> None:
        Thing("a", key=key, opts=pulumi.ResourceOptions(delete_before_replace=True))

    stage.up(lambda: program("1"))
    stage.up(lambda: program("2"))
    assert stage.cloud.changes() == [("create", "a"), ("delete", "a"), ("create", "a")]


def test_after_a_failed_recreation_only_dependents_are_deleted_again_as_pulumi_does(stage: Stage) -> None:
    def program(key: str) -> None:
        a = Thing("a", key=key, fixed=True)
        Thing("keyed", key=a.key, fixed=True)

    stage.up(lambda: program("1"))
    stage.cloud.fail("create", "a")
    assert not stage.up(lambda: program("2")).succeeded
    assert [(name, stage.resource(name).pending_replacement) for name in stage.names()] == [
        ("a", True),
        ("keyed", True),
    ]

    stage.cloud.hooks.clear()
    stage.cloud.forget_calls()
    outcome = stage.up(lambda: program("2"))
    assert outcome.succeeded, stage.errors()
    assert stage.cloud.changes() == [("delete", "keyed"), ("create", "a"), ("create", "keyed")]
    assert not stage.resource("keyed").pending_replacement


def test_deleted_predecessor_that_is_wanted_no_more_just_leaves_the_state(stage: Stage) -> None:
    def program(key: str) -> None:
        Thing("a", key=key, fixed=True)

    stage.up(lambda: program("1"))
    stage.cloud.fail("create", "a")
    stage.up(lambda: program("2"))
    stage.cloud.forget_calls()
    outcome = stage.up(lambda: None)
    assert outcome.succeeded
    assert stage.cloud.changes() == []
    assert stage.names() == []


def test_protected_resource_is_not_replaced(stage: Stage) -> None:
    def program(key: str) -> None:
        Thing("a", key=key, opts=pulumi.ResourceOptions(protect=True))

    stage.up(lambda: program("1"))
    outcome = stage.up(lambda: program("2"))
    assert not outcome.succeeded
    assert stage.cloud.changes() == [("create", "a")]
    assert "protected" in stage.errors()[0]


def test_replace_on_changes_turns_an_update_into_a_replacement(stage: Stage) -> None:
    def program(value: str) -> None:
        Thing("a", value={"x": [value]}, opts=pulumi.ResourceOptions(replace_on_changes=["value.x[*]"]))

    stage.up(lambda: program("1"))
    stage.up(lambda: program("2"))
    assert stage.cloud.changes() == [("create", "a"), ("create", "a"), ("delete", "a")]


def test_user_can_ask_for_a_replacement(stage: Stage) -> None:
    stage.up(lambda: _pair("1"))
    urn = stage.resource("a").urn
    outcome = stage.up(lambda: _pair("1"), replace=(urn,))
    assert outcome.changes == {"same": 2, "replace": 1}


def _pair(key: str) -> None:
    a = Thing("a", key=key)
    Thing("b", value=a.key)
