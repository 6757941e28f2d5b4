"""What a failing step does to the others, to the state, and to the next update."""

from __future__ import annotations

import pulumi
import pytest

from engine.errors import InitFailed
from engine.provider_api import CheckFailure, CheckReply
from tests.engine.deploy.stage import Stage, Thing


def _chain() -> None:
    a = Thing("a", value="x")
    b = Thing("b", value=a.made)
    Thing("c", value=b.made)


def test_failed_create_keeps_what_was_made_before(stage: Stage) -> None:
    stage.cloud.fail("create", "b")
    outcome = stage.up(_chain)
    assert not outcome.succeeded
    assert stage.names() == ["a"]
    assert stage.errors() == ["the cloud refuses to create b"]
    assert stage.state.pending == ()

    stage.cloud.hooks.clear()
    stage.cloud.forget_calls()
    assert stage.up(_chain).succeeded
    assert stage.cloud.changes() == [("create", "b"), ("create", "c")]


def test_failure_stops_the_deletes_of_the_end(stage: Stage) -> None:
    stage.up(lambda: (Thing("old"), None)[1])
    stage.cloud.fail("create", "new")
    stage.up(lambda: (Thing("new"), None)[1])
    assert "delete" not in stage.cloud.names("delete")
    assert stage.names() == ["old"]


def test_continue_on_error_does_what_does_not_need_the_failed_one(stage: Stage) -> None:
    def program() -> None:
        _chain()
        Thing("apart")

    stage.up(lambda: (Thing("old"), None)[1])
    stage.cloud.fail("create", "b")
    outcome = stage.up(program, continue_on_error=True)
    assert not outcome.succeeded
    assert sorted(stage.names()) == ["a", "apart"]
    assert "c" not in stage.cloud.names("create")
    assert stage.errors() == ["the cloud refuses to create b"]


def test_half_made_resource_keeps_its_id_and_reasons_and_is_updated_next_time(stage: Stage) -> None:
    stage.cloud.fail("create", "a", InitFailed(id="a-9", properties={"made": "a-9"}, reasons=["not ready"]))
    outcome = stage.up(lambda: (Thing("a", value="x"), None)[1])
    assert not outcome.succeeded
    half = stage.resource("a")
    assert (half.id, half.init_errors, half.inputs) == ("a-9", ("not ready",), {"value": "x"})

    stage.cloud.hooks.clear()
    stage.cloud.forget_calls()
    outcome = stage.up(lambda: (Thing("a", value="x"), None)[1])
    assert outcome.succeeded
    assert stage.cloud.changes() == [("update", "a")], "though nothing changed"
    assert stage.resource("a").init_errors == ()


def test_half_done_update_keeps_the_old_inputs(stage: Stage) -> None:
    stage.up(lambda: (Thing("a", value="1"), None)[1])
    stage.cloud.fail("update", "a", InitFailed(id="a-1", properties={"made": "?"}, reasons=["not ready"]))
    stage.up(lambda: (Thing("a", value="2"), None)[1])
    half = stage.resource("a")
    assert (half.inputs, half.outputs, half.init_errors) == ({"value": "1"}, {"made": "?"}, ("not ready",))


def test_failed_check_names_resource_and_property(stage: Stage) -> None:
    refusal = CheckReply(inputs={}, failures=[CheckFailure("value", "must be odd")])
    stage.cloud.on("check", "a", lambda _: refusal)
    outcome = stage.up(lambda: (Thing("a", value="2"), None)[1])
    assert not outcome.succeeded
    assert stage.errors() == ["cloud:index:Thing resource 'a' has a problem: value: must be odd"]


def test_provider_that_breaks_is_an_error_of_its_resource(stage: Stage) -> None:
    stage.cloud.fail("create", "a", KeyError("oops"))
    outcome = stage.up(lambda: (Thing("a"), None)[1])
    assert not outcome.succeeded
    assert stage.errors() == ["the provider broke: KeyError: 'oops'"]
    assert stage.state.pending == ()


def test_failing_program_keeps_what_it_had_registered(stage: Stage) -> None:
    def program() -> None:
        Thing("a")
        raise ValueError("a bug")

    stage.up(lambda: (Thing("old"), None)[1])
    outcome = stage.up(program)
    assert not outcome.succeeded
    assert "old" in stage.names()
    assert any("a bug" in line for line in stage.errors())


def test_stack_outputs_of_a_failed_update_go_over_the_old_ones(stage: Stage) -> None:
    def before() -> None:
        pulumi.export("x", "1")
        pulumi.export("y", "1")

    def after() -> None:
        pulumi.export("x", "2")
        Thing("a")

    stage.up(before)
    stage.cloud.fail("create", "a")
    stage.up(after)
    assert stage.resource("demo-dev").outputs == {"x": "2", "y": "1"}


def test_missing_provider_is_named_with_the_way_to_get_it(stage: Stage) -> None:
    def program() -> None:
        pulumi.CustomResource("nowhere:index:Thing", "a", {}, pulumi.ResourceOptions(version="1.2.3"))

    outcome = stage.up(program)
    assert not outcome.succeeded
    assert "no resource plugin 'pulumi-resource-nowhere' found in the workspace at version v1.2.3" in stage.errors()[0]
    assert "pulumi plugin install resource nowhere v1.2.3" in stage.errors()[0]
    assert "plugins/resource-nowhere-v1.2.3" in stage.errors()[0]


def test_two_resources_of_one_name_are_refused(stage: Stage) -> None:
    outcome = stage.up(lambda: (Thing("a"), Thing("a"), None)[2])
    assert not outcome.succeeded
    assert "Duplicate resource URN" in stage.errors()[0]


@pytest.mark.parametrize("call", ["check", "diff"])
def test_failure_while_deciding_leaves_the_resource_alone(stage: Stage, call: str) -> None:
    stage.up(lambda: (Thing("a", value="1"), None)[1])
    stage.cloud.fail(call, "a")
    assert not stage.up(lambda: (Thing("a", value="2"), None)[1]).succeeded
    assert stage.resource("a").inputs == {"value": "1"}
