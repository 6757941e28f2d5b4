"""Components that a provider builds in a process of its own, with resources that it registers at the monitor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pulumi
import pytest

import engine.providers
from engine.deploy.api import ConfigValue
from engine.values import OutputValue, Secret
from tests.engine.deploy.component_process import ComponentClient, provider_process
from tests.engine.deploy.stage import CloudSettings, Group, Stage, Thing

HOST = """
    from typing import Optional, TypedDict
    import sys, pulumi
    from pulumi.provider.experimental import component_provider_host

    class PairArgs(TypedDict):
        value: pulumi.Input[str]
        secret: Optional[pulumi.Input[str]]

    class Thing(pulumi.CustomResource):
        made: pulumi.Output[str]
        def __init__(self, name, opts=None, **inputs):
            super().__init__("cloud:index:Thing", name, {"made": None, **inputs}, opts)

    class Pair(pulumi.ComponentResource):
        left: pulumi.Output[str]
        secret: pulumi.Output[Optional[str]]

        def __init__(self, name: str, args: PairArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
            super().__init__("parts:index:Pair", name, dict(args), opts)
            child = pulumi.ResourceOptions(parent=self)
            if args["value"] == "broken":
                raise ValueError("a bug in the component")
            left = Thing(f"{name}-left", child, value=args["value"])
            Thing(f"{name}-right", child, value=left.made, where=pulumi.get_stack(), hidden=args.get("secret"))
            self.left, self.secret = left.made, pulumi.Output.from_input(args.get("secret"))
            self.register_outputs({"left": self.left, "secret": self.secret})

    component_provider_host([Pair], "parts", version="1.0.0")
"""


class Pair(pulumi.ComponentResource):
    """What a generated SDK has for the component above."""

    left: pulumi.Output[str]
    secret: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **inputs: Any) -> None:
        props = {"left": None, "secret": None, **inputs}
        super().__init__("parts:index:Pair", name, props, opts, remote=True)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with provider_process(HOST, tmp_path_factory.mktemp("parts")) as found:
        yield found


@pytest.fixture
def clients(stage: Stage, address: str) -> list[ComponentClient]:
    made: list[ComponentClient] = []

    def client(host: Any) -> ComponentClient:
        made.append(ComponentClient(stage.cloud, host, address))
        return made[-1]

    engine.providers.register("parts", client)
    return made


def test_provider_builds_the_component_and_its_children(stage: Stage, clients: list[ComponentClient]) -> None:
    def program() -> None:
        pair = Pair("p", value="v")
        Thing("user", value=pair.left)

    outcome = stage.up(program)
    assert outcome.succeeded, stage.errors()
    assert outcome.changes == {"create": 5}
    assert stage.names() == ["p", "p-left", "p-right", "user"]
    pair, left = stage.resource("p"), stage.resource("p-left")
    assert (pair.custom, pair.id, pair.provider) == (False, "", "")
    assert pair.parent == stage.resource("demo-dev").urn
    assert left.parent == pair.urn
    assert "parts:index:Pair$cloud:index:Thing" in left.urn
    assert stage.resource("p-right").inputs == {"value": left.id, "where": "dev"}
    assert pair.outputs == {"left": left.id}
    assert stage.resource("user").dependencies == (left.urn, pair.urn)
    assert stage.up(program).changes == {"same": 5}
    assert stage.destroy().succeeded
    assert stage.cloud.things == {}


def test_preview_knows_no_outputs_yet(stage: Stage, clients: list[ComponentClient]) -> None:
    seen: list[str] = []

    def program() -> None:
        pair = Pair("p", value=Thing("source").made)
        pair.left.apply(seen.append)
        Thing("user", value=pair.left)

    outcome = stage.preview(program)
    assert outcome.succeeded, stage.errors()
    assert outcome.changes == {"create": 6}
    assert (seen, stage.cloud.changes()) == ([], [])


def test_inputs_come_as_output_values_with_what_they_come_from(stage: Stage, clients: list[ComponentClient]) -> None:
    def program() -> None:
        Pair("p", value=Thing("source").made, secret=pulumi.Output.secret("hunter2"))

    assert stage.up(program).succeeded, stage.errors()
    (request,) = [one for client in clients for one in client.constructed]
    source = stage.resource("source")
    assert request.inputs["value"] == OutputValue(value=source.id, dependencies=(source.urn,))
    assert request.input_dependencies == {"value": (source.urn,), "secret": ()}
    assert stage.resource("p-right").inputs["hidden"] == Secret("hunter2")
    assert stage.resource("p").outputs["secret"] == Secret("hunter2")
    assert stage.resource("p-left").dependencies == (source.urn,)


def test_options_config_and_surroundings_reach_the_provider(stage: Stage, clients: list[ComponentClient]) -> None:
    stage.config["demo:word"] = ConfigValue("hi", secret=True)

    def program() -> None:
        first = Thing("first")
        opts = pulumi.ResourceOptions(depends_on=[first], protect=True, ignore_changes=["value"])
        Pair("p", opts, value="v")

    assert stage.up(program).succeeded, stage.errors()
    (request,) = [one for client in clients for one in client.constructed]
    around, options = request.surroundings, request.options
    assert (around.project, around.stack, around.preview) == ("demo", "dev", False)
    assert (around.config, around.secret_keys) == ({"demo:word": "hi"}, ("demo:word",))
    assert options.dependencies == (stage.resource("first").urn,)
    assert (options.protect, options.ignore_changes) == (True, ("value",))
    assert stage.resource("p-left").protect


def test_providers_are_handed_down(stage: Stage, clients: list[ComponentClient]) -> None:
    def program() -> None:
        near = CloudSettings("near", region="near")
        far = CloudSettings("far", region="far")
        group = Group("g", pulumi.ResourceOptions(providers=[near]))
        Pair("inherits", pulumi.ResourceOptions(parent=group), value="v")
        Pair("chooses", pulumi.ResourceOptions(parent=group, providers=[far]), value="v")

    assert stage.up(program).succeeded, stage.errors()
    assert "::near::" in stage.resource("inherits-left").provider
    assert "::far::" in stage.resource("chooses-left").provider


def test_transforms_meet_the_component_before_and_after_its_provider(
    stage: Stage, clients: list[ComponentClient]
) -> None:
    def louder(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        return pulumi.ResourceTransformResult({**args.props, "value": f"{args.props['value']}!"}, args.opts)

    def program() -> None:
        Pair("p", pulumi.ResourceOptions(transforms=[louder]), value="v")

    assert stage.up(program).succeeded, stage.errors()
    (request,) = [one for client in clients for one in client.constructed]
    assert request.inputs["value"] == "v!"
    assert stage.resource("p").inputs["value"] == "v!!"
    # Children inherit it.
    assert stage.resource("p-left").inputs["value"] == "v!!"


def test_failing_component_ends_the_update_with_its_words(stage: Stage, clients: list[ComponentClient]) -> None:
    def program() -> None:
        Pair("p", value="broken")

    assert not stage.up(program, continue_on_error=True).succeeded
    (error,) = stage.errors()
    assert error.startswith("parts:index:Pair resource 'p' has a problem:")
    assert "a bug in the component" in error


def test_failing_child_is_the_one_that_is_blamed(stage: Stage, clients: list[ComponentClient]) -> None:
    stage.cloud.fail("create", "p-left")

    def program() -> None:
        Pair("p", value="v")

    assert not stage.up(program).succeeded
    assert stage.errors() == ["the cloud refuses to create p-left"]


def test_many_components_do_not_wait_for_each_others_threads(stage: Stage, clients: list[ComponentClient]) -> None:
    def program() -> None:
        for number in range(6):
            Pair(f"p{number}", value="v")

    assert stage.up(program, parallel=1).succeeded, stage.errors()
    assert len(stage.cloud.things) == 12


def test_provider_without_components_says_so(stage: Stage) -> None:
    def program() -> None:
        pulumi.ComponentResource("cloud:index:Group", "g", {}, None, True)

    assert not stage.up(program).succeeded
    assert "the provider 'cloud' offers no components and no methods" in stage.errors()[0]
