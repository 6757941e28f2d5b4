"""Refresh writes down what is there; destroy removes everything, in order."""

from __future__ import annotations

from dataclasses import replace

import pulumi

from engine.deploy.api import Operation
from engine.provider_api import CreateReply, DiffChanges, DiffKind, DiffReply, PropertyDiff, ReadReply
from engine.state.model import Deployment
from tests.engine.deploy.stage import Group, Stage, Thing


def _program() -> None:
    group = Group("g")
    a = Thing("a", value="x", opts=pulumi.ResourceOptions(parent=group))
    b = Thing("b", value=a.made)
    Thing("c", value=b.made)
    Thing("d", value=a.made)


def test_refresh_takes_over_outside_changes(stage: Stage) -> None:
    stage.up(_program)
    stage.cloud.things["a-1"]["value"] = "drifted"
    outcome = stage.refresh()
    assert outcome.succeeded
    assert outcome.changes == {"update": 1, "same": 5}
    assert stage.resource("a").outputs["value"] == "drifted"
    assert stage.resource("a").inputs["value"] == "drifted"
    stage.cloud.forget_calls()
    stage.up(_program)
    assert stage.cloud.changes() == [("update", "a")], "the next update sets it right"


def test_refresh_drops_what_is_gone_and_references_to_it(stage: Stage) -> None:
    stage.up(_program)
    gone = stage.resource("b").id
    stage.cloud.things.pop(gone)
    outcome = stage.refresh()
    assert outcome.changes == {"delete": 1, "same": 5}
    assert "b" not in stage.names()
    assert stage.resource("c").dependencies == ()
    stage.cloud.forget_calls()
    stage.up(_program)
    assert ("create", "b") in stage.cloud.changes()


def test_failing_read_keeps_the_resource(stage: Stage) -> None:
    stage.up(_program)
    before = stage.resource("a")
    stage.cloud.fail("read", "a")
    assert not stage.refresh().succeeded
    assert stage.resource("a") == before


def test_update_with_refresh_sees_drift_at_once(stage: Stage) -> None:
    stage.up(_program)
    stage.cloud.things["a-1"]["value"] = "drifted"
    stage.cloud.forget_calls()
    assert stage.up(_program, refresh=True).changes["update"] == 1
    assert stage.cloud.things["a-1"]["value"] == "x"


def test_destroy_deletes_users_before_what_they_use(stage: Stage) -> None:
    stage.up(_program)
    stage.cloud.forget_calls()
    outcome = stage.destroy()
    assert outcome.succeeded, stage.errors()
    order = stage.cloud.names("delete")
    assert sorted(order) == ["a", "b", "c", "d"]
    assert order[-1] == "a"
    assert order.index("c") < order.index("b")
    assert stage.state.resources == ()
    assert stage.cloud.things == {}
    assert outcome.changes == {"delete": 6}


def test_destroy_that_fails_keeps_what_is_left_and_can_be_repeated(stage: Stage) -> None:
    stage.up(_program)
    stage.cloud.fail("delete", "b")
    outcome = stage.destroy()
    assert not outcome.succeeded
    assert {"a", "b", "g"} <= set(stage.names())
    stage.cloud.hooks.clear()
    assert stage.destroy().succeeded
    assert stage.cloud.things == {}


def test_destroy_of_nothing_succeeds(stage: Stage) -> None:
    outcome = stage.run(Operation.DESTROY, None, {})
    assert outcome.succeeded
    assert outcome.changes == {}


def test_dry_runs_only_tell(stage: Stage) -> None:
    stage.up(_program)
    stage.cloud.things["a-1"]["value"] = "drifted"
    before, things = stage.state, dict(stage.cloud.things)
    assert stage.refresh(dry_run=True).changes == {"update": 1, "same": 5}
    assert stage.destroy(dry_run=True).changes == {"delete": 6}
    assert (stage.state, stage.cloud.things, stage.saves) == (before, things, [])


def test_resource_that_asks_for_it_is_read_before_every_update(stage: Stage) -> None:
    def program() -> None:
        Thing("a", value="x")
        Thing("b", value="x")

    asking = CreateReply(id="a-1", outputs={"value": "x"}, refresh_before_update=True)
    stage.cloud.on("create", "a", lambda _: asking)
    stage.cloud.on("read", "a", lambda _: ReadReply(id="a-1", outputs={"value": "y"}, inputs={"value": "y"}))
    assert stage.up(program).succeeded, stage.errors()
    assert stage.resource("a").extra["refreshBeforeUpdate"] is True
    stage.cloud.forget_calls()
    outcome = stage.up(program)
    assert outcome.changes == {"same": 2, "update": 1}, "the refresh itself is not counted"
    assert stage.cloud.names("read") == ["a"]
    assert ("refresh", "a") in stage.ops()


def test_views_are_refused_by_name(stage: Stage) -> None:
    stage.up(_program)
    view = replace(stage.resource("c"), extra={"viewOf": stage.resource("a").urn})
    stage.state = Deployment(resources=tuple(view if one.urn == view.urn else one for one in stage.state.resources))
    stage.cloud.forget_calls()
    assert not stage.up(_program).succeeded
    assert "is a view of another resource" in stage.errors()[0]
    assert stage.cloud.calls == []


def test_refresh_tells_how_things_differ_from_what_was_wanted(stage: Stage) -> None:
    stage.up(_program)
    stage.cloud.on(
        "diff",
        "a",
        lambda _: DiffReply(
            changes=DiffChanges.SOME, diffs=["value"], detailed={"value": PropertyDiff(DiffKind.DELETE)}
        ),
    )
    assert stage.refresh().changes == {"same": 5, "update": 1}
    shown = [one["resOutputsEvent"]["metadata"] for one in stage.events if "resOutputsEvent" in one]
    (told,) = [one["detailedDiff"] for one in shown if one["op"] == "update"]
    assert told["value"]["diffKind"] == "add", "seen from the other side"
