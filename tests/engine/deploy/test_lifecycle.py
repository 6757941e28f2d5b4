"""A resource is made once, stays while nothing changes, changes in place, and goes when the program drops it."""

from __future__ import annotations

import pulumi

from tests.engine.deploy.stage import Group, Stage, Thing


def test_component_and_child_are_created_then_stay_the_same(stage: Stage) -> None:
    def program() -> None:
        group = Group("g", size=1)
        thing = Thing("a", value="x", opts=pulumi.ResourceOptions(parent=group))
        pulumi.export("made", thing.made)

    outcome = stage.up(program)
    assert outcome.succeeded, stage.errors()
    assert stage.cloud.changes() == [("create", "a")]
    assert stage.names() == ["g", "a"]
    assert stage.resource("a").urn == "urn:pulumi:dev::demo::cloud:index:Group$cloud:index:Thing::a"
    assert stage.resource("demo-dev").outputs == {"made": "a-1"}
    assert outcome.changes == {"create": 3}

    stage.cloud.forget_calls()
    before = stage.state
    outcome = stage.up(program)
    assert outcome.succeeded
    assert stage.cloud.changes() == []
    assert outcome.changes == {"same": 3}
    assert stage.state == before
    assert len(stage.saves) == 1, "a no-op saves once, at its end"


def test_changed_input_updates_in_place(stage: Stage) -> None:
    stage.up(lambda: _things(a="1"))
    outcome = stage.up(lambda: _things(a="2"))
    assert stage.cloud.changes() == [("create", "a"), ("update", "a")]
    assert outcome.changes == {"same": 1, "update": 1}
    assert stage.resource("a").outputs["value"] == "2"
    assert stage.resource("a").id == "a-1"


def test_dropped_resource_is_deleted_after_the_program(stage: Stage) -> None:
    stage.up(lambda: _things(a="1", b="1"))
    outcome = stage.up(lambda: _things(b="1", c="1"))
    assert stage.cloud.changes()[2:] == [("create", "c"), ("delete", "a")]
    assert outcome.changes == {"same": 2, "create": 1, "delete": 1}
    assert sorted(stage.names()) == ["b", "c"]


def _things(**values: str) -> None:
    for name, value in values.items():
        Thing(name, value=value)
