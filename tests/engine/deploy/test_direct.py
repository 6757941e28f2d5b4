"""Programs that come in without the network see the very same engine."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi.runtime
import pytest

from engine.inline import direct
from engine.provider_api import CreateReply
from tests.engine.deploy.stage import Group, Stage, Thing


@pytest.fixture
def inside(stage: Stage) -> Stage:
    """A stage whose programs call the engine directly."""
    stage.direct = True
    return stage


def test_direct_program_does_what_the_same_program_does_over_the_network(stage: Stage) -> None:
    def program() -> None:
        group = Group("g")
        a = Thing("a", value=pulumi.Output.secret("x"), opts=pulumi.ResourceOptions(parent=group))
        Thing("b", value=a.made, key=None)
        group.register_outputs({"made": a.made})
        pulumi.export("echo", pulumi.runtime.invoke("cloud:index:echo", {"x": [1, 2.5, None]}).value)

    assert stage.up(program).succeeded, stage.errors()
    before = {one.urn: one for one in stage.state.resources}
    stage.direct = True
    assert stage.up(program).changes == {"same": 4}
    assert {one.urn: one for one in stage.state.resources} == before


def test_failure_reaches_a_direct_program_as_it_reaches_others(inside: Stage) -> None:
    def program() -> None:
        a = Thing("a")
        Thing("b", value=a.made)

    inside.cloud.fail("create", "a")
    outcome = inside.up(program)
    assert not outcome.succeeded
    assert inside.errors() == ["the cloud refuses to create a"]


def test_refusal_reaches_a_direct_program(inside: Stage) -> None:
    assert not inside.up(lambda: (Thing("a"), Thing("a"), None)[2]).succeeded
    assert "Duplicate resource URN" in inside.errors()[0]


def test_log_lines_of_a_direct_program_are_shown(inside: Stage) -> None:
    inside.up(lambda: pulumi.log.warn("careful"))
    lines = [one["diagnosticEvent"] for one in inside.events if "diagnosticEvent" in one]
    assert [(line["severity"], line["message"]) for line in lines] == [("warning", "careful\n")]


def test_cancelled_update_lets_a_direct_program_go(inside: Stage) -> None:
    def hang(_: Any) -> CreateReply:
        inside.cancel.set()
        inside.cloud.cancelled.wait(timeout=10)
        return CreateReply(id="late", outputs={})

    def program() -> None:
        a = Thing("a")
        Thing("b", value=a.made)

    inside.cloud.on("create", "a", hang)
    assert not inside.up(program).succeeded
    assert inside.resource("a").id == "late"


def test_many_direct_registrations_do_not_block_each_other(inside: Stage) -> None:
    def program() -> None:
        for index in range(200):
            Thing(f"t{index}")

    assert inside.up(program).succeeded
    assert len(inside.cloud.things) == 200


def test_program_without_an_engine_of_this_process_is_left_alone() -> None:
    class Mocks(pulumi.runtime.Mocks):
        def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[Any, Any]]:
            return "id", dict(args.inputs)

        def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
            return {}, None

    pulumi.runtime.set_mocks(Mocks())
    seen: list[str] = []
    direct(lambda: seen.append("ran"))()
    assert seen == ["ran"]
