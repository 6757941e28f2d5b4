"""References to other stacks: what they put out, what of it is secret, and what the state keeps."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from engine.deploy.api import ConfigValue, StackOutputs
from engine.errors import ProviderError
from engine.state.model import Resource
from engine.values import Secret
from tests.engine.deploy.stage import Stage, Thing

SHOP = "organization/shop/dev"


class Stacks:
    """The one other stack there is."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {"url": "http://shop", "token": Secret("hunter2")}
        self.elided = False

    def outputs(self, name: str) -> StackOutputs:
        if name != SHOP:
            raise ProviderError(f'unknown stack "{name}"')
        return StackOutputs(outputs=self.kept, elided=self.elided)

    def resources(self, name: str) -> tuple[Resource, ...]:
        urn = "urn:pulumi:dev::shop::a:b:C::c"
        return (Resource(urn=urn, type="a:b:C", custom=False, outputs=self.outputs(name).outputs),)


@pytest.fixture
def others(stage: Stage) -> Stacks:
    stage.others = made = Stacks()
    return made


def _program() -> None:
    shop = pulumi.StackReference("shop", SHOP)
    Thing("user", value=shop.get_output("url"), key=shop.require_output("token"))
    pulumi.export("nothing", shop.get_output("nothing"))


def test_outputs_of_another_stack_reach_resources_and_stay_secret(stage: Stage, others: Stacks) -> None:
    outcome = stage.up(_program)
    assert outcome.succeeded, stage.errors()
    assert outcome.changes == {"create": 2}
    assert list(stage.cloud.things.values()) == [{"value": "http://shop", "key": "hunter2"}]
    assert stage.resource("user").inputs["key"] == Secret("hunter2")


def test_state_keeps_the_reference_as_external_with_its_provider(stage: Stage, others: Stacks) -> None:
    stage.up(_program)
    reference = stage.resource("shop")
    assert (reference.external, reference.id, reference.custom) == (True, SHOP, True)
    assert reference.inputs == {"name": SHOP}
    assert reference.outputs == {
        "name": SHOP,
        "outputs": {"url": "http://shop", "token": Secret("hunter2")},
        "secretOutputNames": ["token"],
    }
    provider, _, id = reference.provider.rpartition("::")
    assert provider == "urn:pulumi:dev::demo::pulumi:providers:pulumi::default"
    (kept,) = [one for one in stage.state.resources if one.urn == provider]
    assert (kept.id, kept.inputs, kept.outputs) == (id, {}, {})


def test_reference_follows_the_other_stack_and_ends_without_a_delete(stage: Stage, others: Stacks) -> None:
    stage.up(_program)
    others.kept = {"url": "http://moved", "token": Secret("hunter2")}
    stage.up(_program)
    assert next(iter(stage.cloud.things.values()))["value"] == "http://moved"
    others.kept = {"url": "http://again"}
    assert stage.refresh().succeeded, stage.errors()
    assert stage.resource("shop").outputs["outputs"] == {"url": "http://again"}
    assert stage.destroy().succeeded, stage.errors()
    assert stage.state.resources == ()


def test_preview_reads_other_stacks_as_well(stage: Stage, others: Stacks) -> None:
    seen: list[Any] = []

    def program() -> None:
        pulumi.StackReference(SHOP).get_output("url").apply(seen.append)

    assert stage.preview(program).succeeded, stage.errors()
    assert seen == ["http://shop"]


def test_unknown_stack_is_named(stage: Stage, others: Stacks) -> None:
    assert not stage.up(lambda: (pulumi.StackReference("organization/none/dev"), None)[1]).succeeded
    assert stage.errors() == ['unknown stack "organization/none/dev"']


def test_secrets_that_cannot_be_opened_are_left_out_with_a_note(stage: Stage, others: Stacks) -> None:
    others.elided = True
    assert stage.up(_program).succeeded, stage.errors()
    said = [one["diagnosticEvent"]["message"].strip() for one in stage.events if "diagnosticEvent" in one]
    assert f"eliding undecryptable secrets for stack reference '{SHOP}'" in said


def test_functions_read_outputs_and_resources_of_other_stacks(stage: Stage, others: Stacks) -> None:
    answers: list[Any] = []

    def program() -> None:
        answers.append(pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {"name": SHOP}).value)
        answers.append(pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {"stackName": SHOP}).value)

    assert stage.up(program).succeeded, stage.errors()
    outputs, resources = answers
    assert outputs["outputs"]["url"] == "http://shop"
    assert outputs["secretOutputNames"] == ["token"]
    assert resources["outputs"]["urn:pulumi:dev::shop::a:b:C::c"]["type"] == "a:b:C"


def test_failing_function_says_which_one(stage: Stage, others: Stacks) -> None:
    def program() -> None:
        pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {"name": "x"})

    assert not stage.up(program).succeeded
    assert 'invocation of pulumi:pulumi:readStackOutputs returned an error: unknown stack "x"' in stage.errors()[0]


def test_own_package_is_never_disabled_and_takes_no_settings(stage: Stage, others: Stacks) -> None:
    stage.config["pulumi:disable-default-providers"] = ConfigValue('["*"]', structured=True)
    assert stage.up(lambda: (pulumi.StackReference(SHOP), None)[1]).succeeded, stage.errors()
    (provider,) = [one for one in stage.state.resources if one.type == "pulumi:providers:pulumi"]
    assert provider.inputs == {}
