"""Error hooks decide whether a step that failed is tried again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from engine.errors import InitFailed, ProviderError
from tests.engine.deploy.stage import Stage, Thing

Hook = Callable[[pulumi.ErrorHookArgs], bool]


def hooked(hook: Hook, **inputs: Any) -> Callable[[], None]:
    """A program with one thing that has an error hook."""

    def program() -> None:
        hooks = pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook("again", hook)])
        if inputs.get("value") != "gone":
            Thing("a", opts=pulumi.ResourceOptions(hooks=hooks), **inputs)

    return program


def failing_times(stage: Stage, call: str, count: int, make: Callable[[int], Exception] | None = None) -> None:
    """Let the first calls fail."""
    tries: list[int] = []

    def action(_request: Any) -> None:
        tries.append(1)
        if len(tries) <= count:
            raise make(len(tries)) if make else ProviderError(f"failure {len(tries)}")

    stage.cloud.on(call, "a", action)


def warnings(stage: Stage) -> list[str]:
    """Warnings that were shown."""
    lines = [one["diagnosticEvent"] for one in stage.events if "diagnosticEvent" in one]
    return [line["message"].strip() for line in lines if line["severity"] == "warning"]


@pytest.mark.parametrize("direct", [False, True])
def test_step_is_tried_again_as_long_as_the_hook_asks_for_it(stage: Stage, direct: bool) -> None:
    stage.direct = direct
    told: list[tuple[str, list[str]]] = []

    def hook(args: pulumi.ErrorHookArgs) -> bool:
        told.append((args.failed_operation, args.errors))
        return True

    failing_times(stage, "create", 2)
    assert stage.up(hooked(hook, value="x")).succeeded
    assert told == [("create", ["failure 1"]), ("create", ["failure 2", "failure 1"])]
    assert stage.cloud.names("create") == ["a"] * 3
    assert warnings(stage) == [f"retrying create due to on-error hook request ({n}/100)" for n in (1, 2)]
    assert stage.state.pending == ()


def test_hook_that_does_not_want_to_lets_the_step_fail(stage: Stage) -> None:
    failing_times(stage, "create", 1)
    assert not stage.up(hooked(lambda _: False)).succeeded
    assert stage.errors() == ["failure 1"]


def test_update_and_delete_are_tried_again_too(stage: Stage) -> None:
    told: list[tuple[str, Any, Any]] = []

    def hook(args: pulumi.ErrorHookArgs) -> bool:
        told.append((args.failed_operation, args.new_inputs, args.old_inputs))
        return True

    assert stage.up(hooked(hook, value="x")).succeeded
    failing_times(stage, "update", 1)
    failing_times(stage, "delete", 1)
    assert stage.up(hooked(hook, value="y")).succeeded, stage.errors()
    assert stage.up(hooked(hook, value="gone")).succeeded, stage.errors()
    assert told == [("update", {"value": "y"}, {"value": "x"}), ("delete", None, {"value": "y"})]


def test_half_made_resource_is_tried_again(stage: Stage) -> None:
    failing_times(stage, "create", 1, lambda _: InitFailed(id="half", properties={}, reasons=["not ready"]))
    assert stage.up(hooked(lambda _: True)).succeeded, stage.errors()
    assert stage.resource("a").init_errors == ()
    assert stage.resource("a").id == "a-1"


def test_half_made_resource_that_is_given_up_is_remembered(stage: Stage) -> None:
    failing_times(stage, "create", 2, lambda _: InitFailed(id="half", properties={}, reasons=["not ready"]))
    assert not stage.up(hooked(lambda args: len(args.errors) < 2)).succeeded
    assert stage.resource("a").init_errors == ("not ready",)


def test_there_is_an_end_to_trying_again(stage: Stage) -> None:
    failing_times(stage, "create", 1000)
    assert not stage.up(hooked(lambda _: True)).succeeded
    assert stage.cloud.names("create") == ["a"] * 100
    assert "maximum number of error hook retries (100) reached" in warnings(stage)
    assert stage.errors() == ["maximum number of error hook retries reached"]


def test_error_hook_that_fails_itself_fails_the_step(stage: Stage) -> None:
    def hook(_args: pulumi.ErrorHookArgs) -> bool:
        raise ValueError("a bug")

    failing_times(stage, "create", 1)
    assert not stage.up(hooked(hook)).succeeded
    assert stage.errors() == ['error hooks execution failed: error hook "again" failed: a bug']


def test_cancelled_update_tries_nothing_again(stage: Stage) -> None:
    def cancelled(_request: Any) -> None:
        stage.cancel.set()
        stage.cloud.cancelled.wait(timeout=10)
        raise ProviderError("interrupted")

    stage.cloud.on("create", "a", cancelled)
    assert not stage.up(hooked(lambda _: True)).succeeded
    assert stage.cloud.names("create") == ["a"]
