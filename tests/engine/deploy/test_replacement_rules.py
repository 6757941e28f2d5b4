"""Who is replaced together with whom, in which order, and without asking whom."""

from __future__ import annotations

from dataclasses import replace

import pulumi

from engine.provider_api import DiffChanges, DiffReply
from engine.state.model import Deployment
from tests.engine.deploy.stage import Group, Stage, Thing

Opts = pulumi.ResourceOptions


def calls_for(stage: Stage, name: str) -> list[str]:
    return [call for call, of in stage.cloud.calls if of == name]


def test_replace_with_follows_without_asking_the_provider(stage: Stage) -> None:
    def program(key: str) -> None:
        leader = Thing("leader", key=key)
        Thing("member", value="1", opts=Opts(replace_with=[leader]))

    stage.up(lambda: program("1"))
    stage.cloud.forget_calls()
    outcome = stage.up(lambda: program("2"))
    assert outcome.changes == {"same": 1, "replace": 2}, stage.errors()
    assert calls_for(stage, "member") == ["check", "check", "create", "delete"]


def test_replace_with_is_deleted_before_a_leader_that_goes_first(stage: Stage) -> None:
    def program(key: str) -> None:
        leader = Thing("leader", key=key, fixed=True)
        Thing("member", value="1", opts=Opts(replace_with=[leader]))

    stage.up(lambda: program("1"))
    stage.cloud.forget_calls()
    assert stage.up(lambda: program("2")).succeeded, stage.errors()
    assert stage.cloud.changes() == [
        ("delete", "member"),
        ("delete", "leader"),
        ("create", "leader"),
        ("create", "member"),
    ]


def test_deleted_with_a_leader_that_goes_first_needs_no_deletion_of_its_own(stage: Stage) -> None:
    def program(key: str) -> None:
        leader = Thing("leader", key=key, fixed=True)
        Thing("inside", value="1", opts=Opts(deleted_with=leader))

    stage.up(lambda: program("1"))
    stage.cloud.forget_calls()
    assert stage.up(lambda: program("2")).succeeded, stage.errors()
    assert stage.cloud.changes() == [("delete", "leader"), ("create", "leader"), ("create", "inside")]


def test_what_was_deleted_ahead_is_made_again_with_one_check(stage: Stage) -> None:
    def program(key: str) -> None:
        base = Thing("base", key=key, fixed=True)
        Thing("user", key=base.made)

    stage.up(lambda: program("1"))
    stage.cloud.forget_calls()
    assert stage.up(lambda: program("2")).succeeded, stage.errors()
    assert calls_for(stage, "user") == ["diff", "delete", "check", "create"]


def test_taint_replaces_and_is_gone_afterwards(stage: Stage) -> None:
    def program() -> None:
        Thing("a", value="1")

    stage.up(program)
    resources = tuple(replace(one, taint=one.custom and bool(one.provider)) for one in stage.state.resources)
    stage.state = Deployment(resources=resources)
    assert stage.up(program).changes == {"same": 1, "replace": 1}, stage.errors()
    assert not stage.resource("a").taint
    assert stage.up(program).changes == {"same": 2}


def test_trigger_that_appears_or_goes_replaces_nothing(stage: Stage) -> None:
    def program(trigger: str | None) -> None:
        Thing("a", opts=Opts(replacement_trigger=trigger))

    stage.up(lambda: program(None))
    assert stage.up(lambda: program("1")).changes == {"same": 2}, stage.errors()
    stage.cloud.forget_calls()
    assert stage.up(lambda: program("2")).changes == {"same": 1, "replace": 1}
    assert "diff" not in calls_for(stage, "a")
    assert stage.up(lambda: program(None)).changes == {"same": 2}


def test_init_errors_replace_where_every_change_does(stage: Stage) -> None:
    opts = Opts(replace_on_changes=["*"])

    def program() -> None:
        Thing("a", value="1", opts=opts)

    stage.up(program)
    resources = tuple(
        replace(one, init_errors=("not ready",)) if one.type.startswith("cloud") else one
        for one in stage.state.resources
    )
    stage.state = Deployment(resources=resources)
    assert stage.up(program).changes == {"same": 1, "replace": 1}, stage.errors()


def test_component_and_custom_resource_take_each_others_place(stage: Stage) -> None:
    class Other(pulumi.CustomResource):
        def __init__(self) -> None:
            super().__init__("cloud:index:Group", "x", {"value": "1"})

    stage.up(lambda: (Group("x", value="1"), None)[1])
    outcome = stage.up(lambda: (Other(), None)[1])
    assert outcome.changes == {"same": 1, "replace": 1}, stage.errors()
    assert stage.cloud.changes() == [("create", "x")]
    outcome = stage.up(lambda: (Group("x", value="1"), None)[1])
    assert outcome.changes == {"same": 1, "replace": 1}, stage.errors()
    assert stage.cloud.changes() == [("create", "x"), ("delete", "x")]
    assert stage.cloud.things == {}


def test_unprotected_and_replaced_in_one_update(stage: Stage) -> None:
    def program(key: str, protect: bool) -> None:
        Thing("a", key=key, opts=Opts(protect=protect))

    stage.up(lambda: program("1", True))
    assert stage.up(lambda: program("2", False)).succeeded, stage.errors()
    assert list(stage.cloud.things) == ["a-2"]


def test_provider_that_does_not_know_leaves_the_comparison_to_the_engine(stage: Stage) -> None:
    def program(value: str) -> None:
        Thing("a", value=value, opts=Opts(replace_on_changes=["value"]))

    stage.cloud.on("diff", "a", lambda _: DiffReply(changes=DiffChanges.UNKNOWN))
    stage.up(lambda: program("1"))
    assert stage.up(lambda: program("1")).changes == {"same": 2}
    assert stage.up(lambda: program("2")).changes == {"same": 1, "replace": 1}


def test_same_alias_on_two_resources_is_an_error(stage: Stage) -> None:
    stage.up(lambda: (Thing("old"), None)[1])

    def program() -> None:
        first = Thing("one", opts=Opts(aliases=[pulumi.Alias(name="old")]))
        Thing("two", opts=Opts(aliases=[pulumi.Alias(name="old")], depends_on=[first]))

    assert not stage.up(program).succeeded
    assert "Duplicate resource alias" in stage.errors()[0]


def test_failure_that_leaves_doubt_is_marked(stage: Stage) -> None:
    stage.cloud.fail("create", "a")
    outcome = stage.up(lambda: (Thing("a"), None)[1])
    assert outcome.may_be_corrupt
    assert stage.events[-1]["summaryEvent"]["maybeCorrupt"] is True
    assert not stage.up(lambda: None).may_be_corrupt
