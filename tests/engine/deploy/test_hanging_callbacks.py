"""Functions of the program that never return hold up nobody who wants to stop."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pulumi
import pytest

from tests.engine.deploy.stage import Stage, Thing


@pytest.fixture(params=[False, True], ids=["grpc", "direct"])
def either(stage: Stage, request: pytest.FixtureRequest) -> Stage:
    """A stage whose programs come over the network, and one whose programs come in directly."""
    stage.direct = request.param
    return stage


def test_transform_that_hangs_is_left_by_a_cancellation(either: Stage) -> None:
    async def hang(_args: pulumi.ResourceTransformArgs) -> None:
        either.cancel.set()
        await asyncio.sleep(3600)

    outcome = either.up(lambda: (Thing("a", opts=pulumi.ResourceOptions(transforms=[hang])), None)[1])
    assert not outcome.succeeded
    assert outcome.seconds < 10
    assert either.cloud.changes() == []


def test_hook_that_hangs_is_left_by_a_second_cancellation(either: Stage) -> None:
    async def hang(_args: Any) -> None:
        either.cancel.set()
        threading.Timer(1, either.terminate.set).start()
        await asyncio.sleep(3600)

    def program() -> None:
        hooks = pulumi.ResourceHookBinding(before_create=[pulumi.ResourceHook("hang", hang)])
        Thing("a", opts=pulumi.ResourceOptions(hooks=hooks))

    outcome = either.up(program)
    assert not outcome.succeeded
    assert outcome.seconds < 10
    assert either.cloud.changes() == []
    # Nobody knows what the hook would have let happen.
    assert [operation.type for operation in either.state.pending] == ["creating"]


def test_invoke_transform_that_hangs_is_left_by_a_cancellation(either: Stage) -> None:
    async def hang(_args: pulumi.InvokeTransformArgs) -> None:
        either.cancel.set()
        await asyncio.sleep(3600)

    def program() -> None:
        pulumi.runtime.register_invoke_transform(hang)
        pulumi.export("echo", pulumi.runtime.invoke_output("cloud:index:echo", {"x": 1}))

    outcome = either.up(program)
    assert not outcome.succeeded
    assert outcome.seconds < 10


def test_program_whose_callbacks_are_gone_fails_its_step_and_not_the_engine(either: Stage) -> None:
    def program() -> None:
        hook = pulumi.ResourceHook("gone", lambda _: None)

        async def leave() -> str:
            await hook._registered
            await pulumi.runtime.settings._shutdown_callbacks()  # type: ignore[no-untyped-call]  # the SDK has no types here
            return "x"

        left: pulumi.Output[str] = pulumi.Output.from_input(leave())
        hooks = pulumi.ResourceHookBinding(before_create=[hook])
        Thing("a", value=left, opts=pulumi.ResourceOptions(hooks=hooks))

    outcome = either.up(program)
    assert not outcome.succeeded
    assert 'before hook "gone" failed' in either.errors()[0]
    assert either.state.pending == ()
