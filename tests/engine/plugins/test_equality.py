"""The built-in providers behind gRPC give the very states that they give in process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pulumi
import pulumi_command as command
import pulumi_random as random
import pulumi_tls as tls
import pytest

import engine.providers
from engine.state.model import Resource
from engine.values import Secret
from providers import BUILT_IN
from tests.engine.deploy.cloud import Cloud
from tests.engine.deploy.stage import Stage
from tests.engine.plugins.conftest import Workshop

VERSIONS = {"random": "4.21.4", "tls": "5.6.2", "command": "1.2.1"}


def program(length: int) -> Any:
    """Resources of three providers, secrets and an invoke among them."""

    def run() -> None:
        password = random.RandomPassword("password", length=length, special=False)
        random.RandomPet("pet", keepers={"secret": pulumi.Output.secret("hush"), "length": str(length)})
        random.RandomInteger("number", min=1, max=10)
        key = tls.PrivateKey("key", algorithm="ED25519")
        tls.SelfSignedCert(
            "cert",
            private_key_pem=key.private_key_pem,
            allowed_uses=["server_auth"],
            validity_period_hours=1,
            subject={"common_name": "example.org"},
        )
        said = command.local.Command("said", create='printf %s "$WORD"', environment={"WORD": password.result})
        pulumi.export("said", said.stdout)
        pulumi.export("invoked", command.local.run_output(command=f"echo {length}").stdout)

    return run


@pytest.fixture
def embedded(tmp_path: Path) -> Stage:
    """A stage whose providers are Python classes."""
    for name, where in BUILT_IN.items():
        engine.providers.register(name, where)
    (tmp_path / "embedded").mkdir()
    return Stage(cloud=Cloud(), directory=tmp_path / "embedded")


def shape(stage: Stage) -> list[Any]:
    """All of a state that does not depend on chance."""
    return [_shape(one) for one in sorted(stage.state.resources, key=lambda one: one.urn)]


def _shape(one: Resource) -> Any:
    values = {"inputs": _kinds(one.inputs), "outputs": _kinds(one.outputs)}
    rest = (one.type, one.custom, one.additional_secret_outputs, one.dependencies, one.init_errors, one.external)
    return one.urn, rest, values


def _kinds(value: Any) -> Any:
    if isinstance(value, Secret):
        return "secret", _kinds(value.value)
    if isinstance(value, dict):
        return {key: _kinds(item) for key, item in sorted(value.items())}
    return [_kinds(item) for item in value] if isinstance(value, list) else type(value).__name__


def test_states_are_the_same_behind_the_wire(stage: Stage, embedded: Stage, workshop: Workshop) -> None:
    for name, version in VERSIONS.items():
        workshop.install(name, version, sys.executable, "-m", "providers", name)
    stage.environment["MF_PREFER_PLUGINS"] = "1"
    for length in (8, 8, 12):
        for one in (embedded, stage):
            assert one.preview(program(length)).succeeded, one.errors()
            assert one.up(program(length)).succeeded, one.errors()
        assert sorted(embedded.ops()) == sorted(stage.ops())
        assert shape(embedded) == shape(stage)
    for one in (embedded, stage):
        one.refresh()
        assert one.destroy().succeeded, one.errors()
        assert not one.names()
