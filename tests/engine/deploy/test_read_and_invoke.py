"""Looking up what others manage, and calling functions."""

from __future__ import annotations

import pulumi

from tests.engine.deploy.stage import Stage, Thing


def test_read_resource_is_kept_as_external_and_never_deleted(stage: Stage) -> None:
    stage.cloud.things["x-1"] = {"value": "theirs"}
    seen: list[str] = []

    def program() -> None:
        Thing("x", pulumi.ResourceOptions(id="x-1")).value.apply(seen.append)

    outcome = stage.up(program)
    assert outcome.succeeded, stage.errors()
    assert seen == ["theirs"]
    assert outcome.changes == {"create": 1}
    assert stage.resource("x").external

    stage.cloud.forget_calls()
    outcome = stage.up(lambda: None)
    assert outcome.changes == {"same": 1, "discard": 1}
    assert stage.cloud.changes() == []
    assert stage.names() == []


def test_reading_what_is_not_there_fails(stage: Stage) -> None:
    outcome = stage.up(lambda: (Thing("x", pulumi.ResourceOptions(id="none")), None)[1])
    assert not outcome.succeeded
    assert stage.errors() == ["resource 'none' (x) does not exist"]


def test_read_resource_can_be_taken_over(stage: Stage) -> None:
    stage.cloud.things["x-1"] = {"value": "theirs"}
    stage.up(lambda: (Thing("x", pulumi.ResourceOptions(id="x-1")), None)[1])
    outcome = stage.up(lambda: (Thing("x", value="ours"), None)[1])
    assert outcome.succeeded, stage.errors()
    assert stage.cloud.changes() == [("create", "x")]
    assert not stage.resource("x").external


def test_read_with_an_unknown_id_waits_for_the_update(stage: Stage) -> None:
    def program() -> None:
        a = Thing("a")
        Thing("x", pulumi.ResourceOptions(id=a.id))

    assert stage.preview(program).succeeded
    assert stage.cloud.names("read") == []
    assert stage.up(program).succeeded, stage.errors()
    assert stage.cloud.names("read") == ["x"]


def test_function_is_answered_by_the_configured_provider(stage: Stage) -> None:
    answers: list[object] = []

    def program() -> None:
        answers.append(pulumi.runtime.invoke("cloud:index:say", {"word": "hi"}).value)

    assert stage.up(program).succeeded, stage.errors()
    assert answers == [{"echo": {"word": "hi"}}]
    assert stage.cloud.calls[-1] == ("invoke", "cloud:index:say")
