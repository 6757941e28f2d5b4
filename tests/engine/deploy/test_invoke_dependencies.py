"""Function calls that depend on resources: they wait for them, and are unknown while those are not there."""

from __future__ import annotations

import asyncio
from typing import Any

import pulumi

from engine.deploy.tracker import Tracker
from tests.engine.deploy.stage import Group, Stage, Thing


def _calls(stage: Stage) -> int:
    return stage.cloud.calls.count(("invoke", "cloud:index:say"))


def _program(seen: list[Any], *, grouped: bool = False) -> Any:
    def program() -> None:
        group = Group("group")
        thing = Thing("thing", pulumi.ResourceOptions(parent=group if grouped else None))
        after = group if grouped else thing
        opts = pulumi.InvokeOutputOptions(depends_on=[after])
        pulumi.runtime.invoke_output("cloud:index:say", {"word": "hi"}, opts).apply(seen.append)

    return program


def test_call_after_a_new_resource_is_unknown_in_a_preview_only(stage: Stage) -> None:
    seen: list[Any] = []
    program = _program(seen)
    assert stage.preview(program).succeeded, stage.errors()
    assert (seen, _calls(stage)) == ([], 0)
    assert stage.up(program).succeeded, stage.errors()
    assert stage.preview(program).succeeded, stage.errors()
    assert seen == [{"echo": {"word": "hi"}}] * 2


def test_component_stands_for_the_resources_in_it(stage: Stage) -> None:
    seen: list[Any] = []
    program = _program(seen, grouped=True)
    assert stage.preview(program).succeeded, stage.errors()
    assert (seen, _calls(stage)) == ([], 0)
    assert stage.up(program).succeeded, stage.errors()
    assert seen == [{"echo": {"word": "hi"}}]


def test_call_after_a_resource_that_will_be_replaced_is_unknown_in_a_preview(stage: Stage) -> None:
    seen: list[Any] = []

    def program(key: str) -> Any:
        def run() -> None:
            opts = pulumi.InvokeOutputOptions(depends_on=[Thing("thing", key=key)])
            pulumi.runtime.invoke_output("cloud:index:say", {}, opts).apply(seen.append)

        return run

    stage.up(program("a"))
    seen.clear()
    assert stage.preview(program("b")).succeeded, stage.errors()
    assert seen == []


def test_provider_that_is_not_configured_yet_gives_unknown_answers(stage: Stage) -> None:
    seen: list[Any] = []

    def program() -> None:
        from tests.engine.deploy.stage import CloudSettings

        settings = CloudSettings("near", region=Thing("thing").made)
        opts = pulumi.InvokeOptions(provider=settings)
        pulumi.runtime.invoke_output("cloud:index:say", {"word": "hi"}, opts).apply(seen.append)

    assert stage.preview(program).succeeded, stage.errors()
    assert seen == []
    assert stage.up(program).succeeded, stage.errors()
    assert seen == [{"echo": {"word": "hi"}}]


def test_secret_argument_makes_a_secret_answer(stage: Stage) -> None:
    def program() -> None:
        answer = pulumi.runtime.invoke_output("cloud:index:say", {"word": pulumi.Output.secret("hunter2")})
        pulumi.export("secret", pulumi.Output.from_input(answer).is_secret())

    assert stage.up(program).succeeded, stage.errors()
    assert stage.resource("demo-dev").outputs == {"secret": True}


def test_parents_provider_answers_the_call(stage: Stage) -> None:
    from tests.engine.deploy.stage import CloudSettings

    def program() -> None:
        near = CloudSettings("near", region="near")
        group = Group("group", pulumi.ResourceOptions(providers=[near]))
        pulumi.runtime.invoke_output("cloud:index:say", {}, pulumi.InvokeOptions(parent=group))

    assert stage.up(program).succeeded, stage.errors()
    assert stage.cloud.configured == [{"region": "near"}]


def test_registrations_within_a_component_are_waited_for() -> None:
    async def run() -> list[bool]:
        tracker = Tracker()
        tracker.note("component", "", custom=False, made=False)
        answers = []
        with tracker.under_way("component"):
            asking = asyncio.ensure_future(tracker.has_missing(["component"]))
            await asyncio.sleep(0)
            answers.append(asking.done())
            tracker.note("child", "component", custom=True, made=True)
        answers.append(await asking)
        tracker.note("late", "component", custom=True, made=False)
        answers.append(await tracker.has_missing(["component"]))
        answers.append(await tracker.has_missing(["child", "nobody knows"]))
        return answers

    # Not asyncio.run, which takes the main thread's own loop away from later tests.
    loop = asyncio.new_event_loop()
    assert loop.run_until_complete(run()) == [False, False, True, False]
    loop.close()
