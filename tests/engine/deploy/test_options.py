"""Resource options: each does what Pulumi says it does."""

from __future__ import annotations

import pulumi

from engine.provider_api import CreateRequest, DeleteRequest, UpdateRequest
from engine.state.model import Timeouts
from tests.engine.deploy.stage import Group, Stage, Thing

Opts = pulumi.ResourceOptions


def test_ignored_changes_keep_the_old_value(stage: Stage) -> None:
    def program(value: str, opts: Opts) -> None:
        Thing("a", value={"x": value, "y": value}, opts=opts)

    ignoring = Opts(ignore_changes=["value.x"])
    stage.up(lambda: program("1", ignoring))
    assert stage.up(lambda: program("2", ignoring)).succeeded
    assert stage.resource("a").inputs == {"value": {"x": "1", "y": "2"}}
    assert stage.cloud.request(UpdateRequest, "a").ignore_changes == ("value.x",)
    stage.up(lambda: program("2", Opts()))
    assert stage.resource("a").inputs == {"value": {"x": "2", "y": "2"}}


def test_protected_resource_survives_and_fails_the_update(stage: Stage) -> None:
    def program() -> None:
        base = Thing("base")
        Thing("kept", value=base.made, opts=Opts(protect=True))
        Thing("other")

    stage.up(program)
    outcome = stage.up(lambda: None)
    assert not outcome.succeeded
    assert stage.cloud.names("delete") == ["other"]
    assert stage.names() == ["base", "kept"]
    assert "protected" in stage.errors()[0]


def test_children_inherit_protection(stage: Stage) -> None:
    def program() -> None:
        group = Group("g", opts=Opts(protect=True))
        Thing("a", opts=Opts(parent=group))
        Thing("b", opts=Opts(parent=group, protect=False))

    stage.up(program)
    assert [stage.resource(name).protect for name in ("g", "a", "b")] == [True, True, False]


def test_retained_resource_only_leaves_the_state(stage: Stage) -> None:
    stage.up(lambda: (Thing("a", opts=Opts(retain_on_delete=True)), None)[1])
    outcome = stage.up(lambda: None)
    assert outcome.succeeded
    assert stage.cloud.names("delete") == []
    assert stage.names() == []
    assert "a-1" in stage.cloud.things


def test_resource_deleted_with_another_is_not_deleted_by_itself(stage: Stage) -> None:
    def program() -> None:
        box = Thing("box")
        Thing("inside", opts=Opts(deleted_with=box))

    stage.up(program)
    assert stage.up(lambda: None).succeeded
    assert stage.cloud.names("delete") == ["box"]
    assert stage.names() == []


def test_timeouts_reach_the_provider_and_the_state(stage: Stage) -> None:
    opts = Opts(custom_timeouts=pulumi.CustomTimeouts(create="1m30s", delete="2h"))
    stage.up(lambda: (Thing("a", opts=opts), None)[1])
    stage.up(lambda: None)
    assert stage.cloud.request(CreateRequest, "a").timeout == 90
    assert stage.cloud.request(DeleteRequest, "a").timeout == 7200
    assert stage.saves[0].resources[-1].custom_timeouts == Timeouts(create=90, delete=7200)


def test_changed_trigger_replaces(stage: Stage) -> None:
    def program(trigger: str) -> None:
        Thing("a", opts=Opts(replacement_trigger=trigger))

    stage.up(lambda: program("1"))
    assert stage.up(lambda: program("1")).changes == {"same": 2}
    assert stage.up(lambda: program("2")).changes == {"same": 1, "replace": 1}


def test_dependencies_are_sorted_and_expand_components(stage: Stage) -> None:
    def program() -> None:
        group = Group("g")
        for name in ("z", "m", "b"):
            Thing(name, opts=Opts(parent=group))
        Thing("user", opts=Opts(depends_on=[group]))

    stage.up(program)
    names = [urn.rpartition("::")[2] for urn in stage.resource("user").dependencies]
    assert names == ["b", "m", "z"]


def test_state_migrations_are_refused_by_the_sdk(stage: Stage) -> None:
    outcome = stage.up(lambda: (Thing("a", opts=Opts(state_migrations=[lambda _: None])), None)[1])
    assert not outcome.succeeded
    assert any("does not support state migrations" in line for line in stage.errors())
    assert stage.cloud.changes() == []
