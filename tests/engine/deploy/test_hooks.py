"""Hooks of resources run around their steps, in the program's process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from engine.state.serialise import features_of
from engine.values import Secret
from tests.engine.deploy.stage import CloudSettings, Group, Stage, Thing, void

Told = list[tuple[str, pulumi.ResourceHookArgs]]


@pytest.fixture(params=[False, True], ids=["grpc", "direct"])
def either(stage: Stage, request: pytest.FixtureRequest) -> Stage:
    """A stage whose programs come over the network, and one whose programs come in directly."""
    stage.direct = request.param
    return stage


def noting(told: Told, moment: str, **options: Any) -> pulumi.ResourceHook:
    """A hook that keeps what it was told."""

    def hook(args: pulumi.ResourceHookArgs) -> None:
        told.append((moment, args))

    return pulumi.ResourceHook(moment, hook, pulumi.ResourceHookOptions(**options))


def all_moments(told: Told, **options: Any) -> pulumi.ResourceHookBinding:
    """Hooks for every moment."""
    moments = [f"{when}_{step}" for step in ("create", "update", "delete") for when in ("before", "after")]
    hooks: dict[str, Any] = {moment: [noting(told, moment, **options)] for moment in moments}
    return pulumi.ResourceHookBinding(**hooks)


def failing(moment: str, **options: Any) -> pulumi.ResourceHookBinding:
    """A binding of one hook that fails."""

    def hook(_args: pulumi.ResourceHookArgs) -> None:
        raise ValueError("no way")

    hooks: dict[str, Any] = {moment: [pulumi.ResourceHook("mine", hook, pulumi.ResourceHookOptions(**options))]}
    return pulumi.ResourceHookBinding(**hooks)


def things(told: Told, *values: str | None) -> list[Callable[[], None]]:
    """Programs with one hooked thing of a value each, or with none."""

    def program(value: str | None) -> Callable[[], None]:
        def run() -> None:
            hooks = all_moments(told)
            if value is not None:
                Thing("a", value=value, opts=pulumi.ResourceOptions(hooks=hooks))

        return run

    return [program(value) for value in values]


def test_hooks_run_around_the_life_of_a_resource(either: Stage) -> None:
    told: Told = []
    for program in things(told, "x", "x", "y", None):
        assert either.up(program).succeeded, either.errors()
    assert [moment for moment, _ in told] == [
        *("before_create", "after_create", "before_update", "after_update", "before_delete", "after_delete")
    ]
    by_moment = dict(told)
    assert {(args.name, args.type) for args in by_moment.values()} == {("a", "cloud:index:Thing")}
    assert [by_moment[moment].id for moment in by_moment] == ["", *["a-1"] * 5]


def test_hooks_are_told_what_was_and_what_is(stage: Stage) -> None:
    told: Told = []
    for program in things(told, "x", "y", None):
        assert stage.up(program).succeeded, stage.errors()
    x, y = {"value": "x"}, {"value": "y"}
    made_x, made_y = {**x, "made": "a-1"}, {**y, "made": "a-1"}
    seen = {moment: (args.old_inputs, args.new_inputs, args.old_outputs, args.new_outputs) for moment, args in told}
    assert seen == {
        "before_create": (None, x, None, None),
        "after_create": (None, x, None, made_x),
        "before_update": (x, y, made_x, None),
        "after_update": (x, y, made_x, made_y),
        "before_delete": (y, None, made_y, None),
        "after_delete": (y, None, made_y, None),
    }


def test_state_names_the_hooks_and_tells_that_it_does(stage: Stage) -> None:
    (program,) = things([], "x")
    assert stage.up(program).succeeded, stage.errors()
    hooks = stage.resource("a").hooks
    assert hooks["BeforeCreate"] == ("before_create",)
    assert list(hooks) == ["BeforeCreate", "AfterCreate", "BeforeUpdate", "AfterUpdate", "BeforeDelete", "AfterDelete"]
    assert features_of(stage.state) == {"hooks"}
    assert stage.up(program).changes == {"same": 2}


def test_hooks_of_a_replacement_create_the_new_and_delete_the_old(stage: Stage) -> None:
    told: Told = []

    def program(key: str) -> Callable[[], None]:
        return lambda: void(Thing("a", key=key, opts=pulumi.ResourceOptions(hooks=all_moments(told))))

    assert stage.up(program("1")).succeeded, stage.errors()
    told.clear()
    assert stage.up(program("2")).succeeded, stage.errors()
    assert [(moment, args.id) for moment, args in told] == [
        ("before_create", ""),
        ("after_create", "a-2"),
        ("before_delete", "a-1"),
        ("after_delete", "a-1"),
    ]


def test_before_hook_that_fails_stops_its_step(either: Stage) -> None:
    def program() -> None:
        Thing("a", opts=pulumi.ResourceOptions(hooks=failing("before_create")))

    assert not either.up(program).succeeded
    assert either.errors() == ['before hook "mine" failed: no way']
    assert either.cloud.changes() == []
    assert either.names() == []
    assert either.state.pending == ()


def test_after_hook_that_fails_is_told_and_the_step_stays_done(either: Stage) -> None:
    def program() -> None:
        a = Thing("a", opts=pulumi.ResourceOptions(hooks=failing("after_create")))
        Thing("b", value=a.made)

    assert not either.up(program).succeeded
    assert either.errors() == ['after hook "mine" failed: no way']
    assert sorted(either.names()) == ["a", "b"]


def test_hook_may_fail_if_it_says_so(stage: Stage) -> None:
    def program() -> None:
        Thing("a", opts=pulumi.ResourceOptions(hooks=failing("before_create", ignore_errors=True)))

    assert stage.up(program).succeeded, stage.errors()
    lines = [one["diagnosticEvent"] for one in stage.events if "diagnosticEvent" in one]
    assert [(line["severity"], line["message"]) for line in lines] == [
        ("warning", 'BeforeCreate hook "mine" failed: no way\n')
    ]


@pytest.mark.parametrize(("wanted", "count"), [(False, 0), (True, 2)])
def test_hooks_run_in_previews_only_when_asked_to(stage: Stage, wanted: bool, count: int) -> None:
    told: Told = []

    def program() -> None:
        Thing("a", opts=pulumi.ResourceOptions(hooks=all_moments(told, on_dry_run=wanted)))

    assert stage.preview(program).succeeded, stage.errors()
    assert len(told) == count


def test_component_hooks_run_before_it_and_after_its_outputs(either: Stage) -> None:
    order: list[str] = []

    def hook(moment: str) -> pulumi.ResourceHook:
        return pulumi.ResourceHook(moment, lambda args: order.append(f"{moment} {args.new_outputs}"))

    def program() -> None:
        hooks = pulumi.ResourceHookBinding(before_create=[hook("before")], after_create=[hook("after")])
        group = Group("g", opts=pulumi.ResourceOptions(hooks=hooks))
        a = Thing("a", opts=pulumi.ResourceOptions(parent=group))
        group.register_outputs({"made": a.made})

    assert either.up(program).succeeded, either.errors()
    assert order == ["before None", "after {'made': 'a-1'}"]
    order.clear()
    assert either.up(program).succeeded, either.errors()
    assert order == []


def test_component_whose_before_hook_fails_is_not_in_the_state(stage: Stage) -> None:
    def program() -> None:
        Group("g", opts=pulumi.ResourceOptions(hooks=failing("before_create")))

    assert not stage.up(program).succeeded
    assert stage.names() == []


def test_deleted_component_runs_its_hooks(stage: Stage) -> None:
    told: Told = []

    def program(present: bool) -> Callable[[], None]:
        def run() -> None:
            hooks = all_moments(told)
            if present:
                Group("g", opts=pulumi.ResourceOptions(hooks=hooks))

        return run

    assert stage.up(program(True)).succeeded, stage.errors()
    told.clear()
    assert stage.up(program(False)).succeeded, stage.errors()
    assert [moment for moment, _ in told] == ["before_delete", "after_delete"]


def test_before_delete_hook_that_fails_keeps_the_resource(stage: Stage) -> None:
    def program(present: bool) -> Callable[[], None]:
        def run() -> None:
            hooks = failing("before_delete")
            if present:
                Thing("a", opts=pulumi.ResourceOptions(hooks=hooks))

        return run

    assert stage.up(program(True)).succeeded, stage.errors()
    assert not stage.up(program(False)).succeeded
    assert stage.errors() == ['before hook "mine" failed: no way']
    assert stage.names() == ["a"]
    assert stage.cloud.things


def test_delete_of_a_resource_whose_hook_is_not_registered_any_more_fails(stage: Stage) -> None:
    (program,) = things([], "x")
    assert stage.up(program).succeeded, stage.errors()
    assert not stage.up(lambda: None).succeeded
    assert stage.errors() == ['hook "before_delete" was not registered']
    assert stage.names() == ["a"]


def test_two_hooks_of_one_name_are_refused(stage: Stage) -> None:
    def program() -> None:
        for _ in range(2):
            pulumi.ResourceHook("twin", lambda _: None)
        Thing("a")

    assert not stage.up(program).succeeded
    assert 'resource hook already registered for name "twin"' in "\n".join(stage.errors())


def test_secrets_reach_hooks_as_secret_outputs(stage: Stage) -> None:
    told: Told = []

    def program() -> None:
        hooks = pulumi.ResourceHookBinding(after_create=[noting(told, "after")])
        Thing("a", value=pulumi.Output.secret("hush"), opts=pulumi.ResourceOptions(hooks=hooks))

    assert stage.up(program).succeeded, stage.errors()
    ((_, args),) = told
    assert args.new_inputs is not None
    assert isinstance(args.new_inputs["value"], pulumi.Output)
    assert stage.resource("a").inputs["value"] == Secret("hush")


def test_asynchronous_hooks_and_hooks_of_providers_run(either: Stage) -> None:
    seen: list[str] = []

    async def hook(args: pulumi.ResourceHookArgs) -> None:
        seen.append(args.name)

    def program() -> None:
        hooks = pulumi.ResourceHookBinding(before_create=[pulumi.ResourceHook("h", hook)])
        settings = CloudSettings("settings", opts=pulumi.ResourceOptions(hooks=hooks))
        Thing("a", opts=pulumi.ResourceOptions(provider=settings, hooks=hooks))

    assert either.up(program).succeeded, either.errors()
    assert seen == ["settings", "a"]


def test_transform_may_bind_hooks(stage: Stage) -> None:
    told: Told = []

    def program() -> None:
        hook = noting(told, "after")

        def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
            added = pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(after_create=[hook]))
            return pulumi.ResourceTransformResult(args.props, pulumi.ResourceOptions.merge(args.opts, added))

        Thing("a", opts=pulumi.ResourceOptions(transforms=[transform]))

    assert stage.up(program).succeeded, stage.errors()
    assert [moment for moment, _ in told] == ["after"]
