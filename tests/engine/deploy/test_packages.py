"""Packages that a program registers: plain ones stand for a version, parameterized ones are refused by name."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import pulumi
import pytest
from pulumi.runtime.proto import engine_pb2, resource_pb2
from pulumi.runtime.settings import get_engine, get_monitor

from tests.engine.deploy.stage import Stage


def _register(**fields: Any) -> str:
    monitor: Any = get_monitor()
    return str(monitor.RegisterPackage(resource_pb2.RegisterPackageRequest(name="cloud", **fields)).ref)


def _known(reference: str) -> Any:
    future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    future.set_result(reference)
    return future


@pytest.mark.parametrize("direct", [False, True])
def test_reference_stands_for_version_and_source(stage: Stage, direct: bool) -> None:
    stage.direct = direct
    references: list[str] = []

    def program() -> None:
        references.extend(_register(version="1.2.3", download_url="http://here") for _ in range(2))
        references.append(_register(version="2.0.0"))
        reference = references[0]
        pulumi.CustomResource("cloud:index:Thing", "thing", {}, package_ref=_known(reference))
        pulumi.runtime.invoke_output("cloud:index:say", {}, package_ref=_known(reference))

    assert stage.up(program).succeeded, stage.errors()
    assert references[0] == references[1] != references[2]
    (provider,) = [one for one in stage.state.resources if one.type == "pulumi:providers:cloud"]
    assert "::default_1_2_3_http_here::" in stage.resource("thing").provider
    assert provider.inputs["version"] == "1.2.3"
    assert provider.inputs["__internal"] == {"pluginDownloadURL": "http://here"}


def test_reference_that_nobody_gave_out_is_named(stage: Stage) -> None:
    def program() -> None:
        pulumi.CustomResource("cloud:index:Thing", "thing", {}, package_ref=_known("what"))

    assert not stage.up(program).succeeded
    assert "unknown provider package 'what'" in "\n".join(stage.errors())


def test_parameterized_packages_are_refused_by_name(stage: Stage) -> None:
    told: list[str] = []

    def program() -> None:
        made = resource_pb2.Parameterization(name="fancy", version="3.1.4", value=b"x")
        for field in ("parameterization", "extension"):
            with pytest.raises(grpc.RpcError) as refusal:
                _register(**{"version": "1.0.0", field: made})
            told.append(str(refusal.value.details()))

    assert stage.up(program).succeeded, stage.errors()
    assert len(told) == 2
    assert all("the parameterized package fancy 3.1.4 (of cloud 1.0.0)" in one for one in told)


@pytest.mark.parametrize("direct", [False, True])
def test_program_that_needs_another_pulumi_is_told(stage: Stage, direct: bool) -> None:
    stage.direct = direct
    told: list[str] = []

    def require(range: str) -> None:
        engine: Any = get_engine()
        engine.RequirePulumiVersion(engine_pb2.RequirePulumiVersionRequest(pulumi_version_range=range))

    def program() -> None:
        require(">=3.0.0")
        with pytest.raises(grpc.RpcError) as refusal:
            require(">=99.0.0")
        told.append(str(refusal.value.details()))

    assert stage.up(program).succeeded, stage.errors()
    assert told == ['Pulumi CLI version 3.272.0 does not satisfy the version range ">=99.0.0"']
