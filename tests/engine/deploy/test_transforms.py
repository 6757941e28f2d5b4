"""Transforms of resources and of the stack change what reaches the engine."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi.runtime
import pytest

from engine.provider_api import CreateRequest
from engine.values import Secret
from tests.engine.deploy.stage import CloudSettings, Group, Stage, Thing, void


@pytest.fixture(params=[False, True], ids=["grpc", "direct"])
def either(stage: Stage, request: pytest.FixtureRequest) -> Stage:
    """A stage whose programs come over the network, and one whose programs come in directly."""
    stage.direct = request.param
    return stage


def appending(word: str) -> Any:
    """A transform that appends a word to the value of things."""

    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.type_.endswith("Thing"):
            return None
        value = f"{args.props.get('value') or ''}{word}"
        return pulumi.ResourceTransformResult(props={**args.props, "value": value}, opts=args.opts)

    return transform


def test_own_transform_comes_before_ancestors_nearest_first_and_the_stack_last(either: Stage) -> None:
    def program() -> None:
        pulumi.runtime.register_resource_transform(appending("-stack"))
        outer = Group("outer", opts=pulumi.ResourceOptions(transforms=[appending("-outer")]))
        inner = Group("inner", opts=pulumi.ResourceOptions(parent=outer, transforms=[appending("-inner")]))
        options = pulumi.ResourceOptions(parent=inner, transforms=[appending("-own"), appending("-second")])
        Thing("a", value="x", opts=options)

    assert either.up(program).succeeded, either.errors()
    assert either.resource("a").inputs["value"] == "x-own-second-inner-outer-stack"
    assert either.up(program).changes == {"same": 4}


def test_transform_sees_what_the_resource_is(either: Stage) -> None:
    seen: list[Any] = []

    def transform(args: pulumi.ResourceTransformArgs) -> None:
        seen.append((args.type_, args.name, args.custom, dict(args.props), args.opts.protect))

    def program() -> None:
        Thing("a", value="x", opts=pulumi.ResourceOptions(transforms=[transform], protect=True))

    assert either.up(program).succeeded, either.errors()
    assert seen == [("cloud:index:Thing", "a", True, {"value": "x"}, True)]


def test_transform_may_change_every_option(stage: Stage) -> None:
    def program() -> None:
        other, settings = Thing("other"), CloudSettings("settings")
        added = pulumi.ResourceOptions(
            protect=True,
            retain_on_delete=True,
            ignore_changes=["value"],
            replace_on_changes=["key"],
            additional_secret_outputs=["made"],
            custom_timeouts=pulumi.CustomTimeouts(create="1h30m"),
            aliases=[pulumi.Alias(name="former")],
            depends_on=[other],
            deleted_with=other,
            provider=settings,
        )

        def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
            return pulumi.ResourceTransformResult(args.props, pulumi.ResourceOptions.merge(args.opts, added))

        Thing("a", value="x", opts=pulumi.ResourceOptions(transforms=[transform]))

    assert stage.up(lambda: void(Thing("former", value="x"))).succeeded
    id = stage.resource("former").id
    assert stage.up(program).succeeded, stage.errors()
    state, beside = stage.resource("a"), stage.resource("other")
    assert state.id == id
    assert (state.protect, state.retain_on_delete) == (True, True)
    assert (state.ignore_changes, state.replace_on_changes) == (("value",), ("key",))
    assert state.custom_timeouts.create == 5400
    assert state.dependencies == (beside.urn,)
    assert state.deleted_with == beside.urn
    assert state.provider.startswith(stage.resource("settings").urn)
    assert state.additional_secret_outputs == ("made",)


def test_transform_of_a_component_may_set_providers_for_its_children(stage: Stage) -> None:
    def program() -> None:
        settings = CloudSettings("settings")

        def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
            if args.type_ != "cloud:index:Group":
                return None
            options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(providers=[settings]))
            return pulumi.ResourceTransformResult(props=args.props, opts=options)

        group = Group("g", opts=pulumi.ResourceOptions(transforms=[transform]))
        Thing("a", opts=pulumi.ResourceOptions(parent=group))

    assert stage.up(program).succeeded, stage.errors()
    assert stage.resource("a").provider.startswith(stage.resource("settings").urn)


def test_arguments_of_an_explicit_provider_are_transformed_too(stage: Stage) -> None:
    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        return pulumi.ResourceTransformResult(props={**args.props, "region": "north"}, opts=args.opts)

    def program() -> None:
        settings = CloudSettings("settings", region="south", opts=pulumi.ResourceOptions(transforms=[transform]))
        Thing("a", opts=pulumi.ResourceOptions(provider=settings))

    assert stage.up(program).succeeded, stage.errors()
    assert stage.cloud.configured == [{"region": "north"}]


def test_dependencies_of_unchanged_properties_survive_transforms(either: Stage) -> None:
    def program() -> None:
        a = Thing("a", value="x")
        Thing("plain", value=a.made)
        Thing("touched", value=a.made, opts=pulumi.ResourceOptions(transforms=[lambda _: None]))

    assert either.up(program).succeeded, either.errors()
    plain, touched = either.resource("plain"), either.resource("touched")
    assert touched.inputs == plain.inputs
    assert touched.dependencies == plain.dependencies == (either.resource("a").urn,)
    assert touched.property_dependencies == plain.property_dependencies


def test_stack_transform_leaves_dependencies_of_properties_alone(stage: Stage) -> None:
    def program() -> None:
        pulumi.runtime.register_resource_transform(appending("!"))
        a = Thing("a", value="x")
        Thing("b", key=a.made, value="y")

    assert stage.up(program).succeeded, stage.errors()
    b = stage.resource("b")
    assert b.property_dependencies["key"] == b.dependencies == (stage.resource("a").urn,)
    assert b.inputs["value"] == "y!"


def test_secret_reaches_a_transform_as_an_output_and_stays_secret(either: Stage) -> None:
    seen: list[Any] = []

    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        seen.append(args.props["value"])
        louder = pulumi.Output.from_input(args.props["value"]).apply(lambda text: f"{text}!")
        return pulumi.ResourceTransformResult(props={**args.props, "value": louder}, opts=args.opts)

    def program() -> None:
        options = pulumi.ResourceOptions(transforms=[transform])
        Thing("a", value=pulumi.Output.secret("hush"), opts=options)

    assert either.up(program).succeeded, either.errors()
    assert isinstance(seen[0], pulumi.Output)
    assert either.resource("a").inputs["value"] == Secret("hush!")
    assert either.cloud.request(CreateRequest, "a").inputs["value"] in (Secret("hush!"), "hush!")


def test_unknown_reaches_a_transform_in_a_preview(stage: Stage) -> None:
    def program() -> None:
        a = Thing("a")
        Thing("b", value=a.made, opts=pulumi.ResourceOptions(transforms=[lambda _: None]))

    assert stage.preview(program).succeeded, stage.errors()
    assert stage.up(program).succeeded, stage.errors()
    assert stage.resource("b").inputs["value"] == "a-1"


def test_asynchronous_transform_may_wait_for_other_resources(either: Stage) -> None:
    def program() -> None:
        a = Thing("a")

        async def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
            return pulumi.ResourceTransformResult(props={**args.props, "value": await a.made.future()}, opts=args.opts)

        for index in range(40):
            Thing(f"b{index}", opts=pulumi.ResourceOptions(transforms=[transform]))

    assert either.up(program, parallel=2).succeeded, either.errors()
    assert either.resource("b39").inputs["value"] == "a-1"


def test_failing_transform_fails_the_update_and_is_quoted(either: Stage) -> None:
    def transform(_args: pulumi.ResourceTransformArgs) -> None:
        raise ValueError("no such thing")

    def program() -> None:
        Thing("a", opts=pulumi.ResourceOptions(transforms=[transform]))

    assert not either.up(program).succeeded
    assert "no such thing" in "\n".join(either.errors())
    assert either.cloud.changes() == []


def test_invoke_transform_changes_arguments_and_provider(either: Stage) -> None:
    def program() -> None:
        settings = CloudSettings("settings", region="north")

        async def transform(args: pulumi.InvokeTransformArgs) -> pulumi.InvokeTransformResult:
            await settings.id.future()
            options = pulumi.InvokeOptions(provider=settings)
            return pulumi.InvokeTransformResult(args={**args.args, "added": args.token}, opts=options)

        pulumi.runtime.register_invoke_transform(transform)
        pulumi.export("echo", pulumi.runtime.invoke_output("cloud:index:echo", {"x": 1}))

    assert either.up(program).succeeded, either.errors()
    echo = {"echo": {"x": 1, "added": "cloud:index:echo"}}
    assert either.resource("demo-dev").outputs == {"echo": echo}
    assert either.cloud.configured == [{"region": "north"}]
