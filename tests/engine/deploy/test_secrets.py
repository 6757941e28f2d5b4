"""What is secret on its way in stays secret in everything that is kept or shown."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from engine.deploy.api import ConfigValue
from engine.provider_api import CreateReply, Info, ReadReply
from engine.values import Secret
from tests.engine.deploy.stage import Group, Stage, Thing

HIDDEN = "the-hidden-text"


def _shown(stage: Stage) -> str:
    return json.dumps(stage.events, default=repr) + repr(stage.saves) + repr(stage.state)


@pytest.mark.parametrize("accepts", [True, False])
def test_secret_inputs_make_secret_outputs(stage: Stage, accepts: bool) -> None:
    stage.cloud.info = Info(name="cloud", version="1", accept_secrets=accepts)
    stage.up(lambda: (Thing("a", value=pulumi.Output.secret(HIDDEN)), None)[1])
    resource = stage.resource("a")
    assert resource.inputs["value"] == Secret(HIDDEN)
    assert resource.outputs["value"] == Secret(HIDDEN)
    assert HIDDEN not in _shown(stage)
    assert stage.cloud.things["a-1"] == {"value": HIDDEN}
    stage.up(lambda: (Thing("a", value=pulumi.Output.secret(HIDDEN)), None)[1])
    assert stage.cloud.changes() == [("create", "a")]
    assert HIDDEN not in _shown(stage)


def test_output_named_by_the_program_becomes_secret(stage: Stage) -> None:
    stage.cloud.on("create", "a", lambda _: CreateReply(id="1", outputs={"made": HIDDEN, "value": "open"}))
    opts = pulumi.ResourceOptions(additional_secret_outputs=["made"])
    stage.up(lambda: pulumi.export("made", Thing("a", opts=opts).made))
    assert stage.resource("a").outputs == {"made": Secret(HIDDEN), "value": "open"}
    assert stage.resource("demo-dev").outputs == {"made": Secret(HIDDEN)}
    assert HIDDEN not in _shown(stage)


def test_secret_deep_inside_an_input_hides_the_same_place_of_the_output(stage: Stage) -> None:
    value: Any = {"open": "x", "list": [pulumi.Output.secret(HIDDEN)]}
    stage.up(lambda: (Thing("a", value=value), None)[1])
    assert HIDDEN not in _shown(stage)


def test_outputs_of_a_half_made_resource_are_hidden_as_well(stage: Stage) -> None:
    from engine.errors import InitFailed

    failure = InitFailed(id="1", properties={"value": HIDDEN}, reasons=["not ready"])
    stage.cloud.fail("create", "a", failure)
    stage.up(lambda: (Thing("a", value=pulumi.Output.secret(HIDDEN)), None)[1])
    assert stage.resource("a").outputs == {"value": Secret(HIDDEN)}
    assert HIDDEN not in _shown(stage)


def test_secret_config_reaches_program_and_provider_but_no_event(stage: Stage) -> None:
    stage.config["demo:password"] = ConfigValue(HIDDEN, secret=True)
    stage.config["cloud:token"] = ConfigValue(HIDDEN, secret=True)

    def program() -> None:
        config = pulumi.Config()
        assert config.require("password") == HIDDEN
        Thing("a", value=config.require_secret("password"))

    outcome = stage.up(program)
    assert outcome.succeeded, stage.errors()
    assert stage.cloud.configured == [{"token": Secret(HIDDEN)}]
    assert HIDDEN not in _shown(stage)


def test_component_outputs_keep_their_secrets(stage: Stage) -> None:
    def program() -> None:
        group = Group("g")
        group.register_outputs({"open": "x", "hidden": pulumi.Output.secret(HIDDEN)})

    stage.up(program)
    assert stage.resource("g").outputs == {"open": "x", "hidden": Secret(HIDDEN)}
    assert HIDDEN not in _shown(stage)


def test_refresh_does_not_uncover_anything(stage: Stage) -> None:
    stage.cloud.on("create", "a", lambda _: CreateReply(id="1", outputs={"made": Secret(HIDDEN)}))
    stage.up(lambda: (Thing("a", value=pulumi.Output.secret(HIDDEN)), None)[1])
    stage.cloud.on("read", "a", lambda _: ReadReply(id="1", outputs={"made": HIDDEN}, inputs={"value": HIDDEN}))
    assert stage.refresh().succeeded
    assert stage.resource("a").outputs == {"made": Secret(HIDDEN)}
    assert stage.resource("a").inputs == {"value": Secret(HIDDEN)}
    assert HIDDEN not in _shown(stage)
