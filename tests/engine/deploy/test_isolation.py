"""Several inline stacks in one process, at once and one after the other, never see each other."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pulumi
import pulumi.runtime
import pytest
from pulumi.runtime.proto import language_pb2
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeServicer, add_LanguageRuntimeServicer_to_server

import engine.providers
from engine.deploy.api import ConfigValue, InlineProgram, Operation
from engine.values import Secret
from tests.engine.deploy.cloud import Cloud, CloudProvider
from tests.engine.deploy.stage import Stage, Thing, void

COUNT = 4


@pytest.fixture(params=[False, True], ids=["grpc", "direct"])
def stages(tmp_path: Path, request: pytest.FixtureRequest) -> list[Stage]:
    """Some empty stacks over one cloud, with a config of their own each."""
    cloud = Cloud()
    engine.providers.register("cloud", lambda host: CloudProvider(cloud, host))
    made = [Stage(cloud=cloud, directory=tmp_path, direct=request.param) for _ in range(COUNT)]
    for number, stage in enumerate(made):
        stage.config["demo:number"] = ConfigValue(str(number), secret=number % 2 == 1)
    return made


def at_once(stages: list[Stage], program: Callable[[int], Callable[[], Any]]) -> None:
    """Deploy all of them, each in a thread of its own."""
    with ThreadPoolExecutor(COUNT) as pool:
        outcomes = list(pool.map(lambda number: stages[number].up(program(number)), range(COUNT)))
    assert [outcome.succeeded for outcome in outcomes] == [True] * COUNT, [stage.errors() for stage in stages]


def test_each_stack_has_its_own_config_and_exports(stages: list[Stage]) -> None:
    meeting = threading.Barrier(COUNT, timeout=30)

    def program(number: int) -> Callable[[], None]:
        def run() -> None:
            meeting.wait()
            config = pulumi.Config()
            pulumi.export("number", config.require_secret("number") if number % 2 else config.require("number"))
            meeting.wait()
            pulumi.export(f"only-{number}", pulumi.runtime.is_config_secret("demo:number"))

        return run

    at_once(stages, program)
    for number, stage in enumerate(stages):
        secret = number % 2 == 1
        shown = Secret(str(number)) if secret else str(number)
        assert stage.resource("demo-dev").outputs == {"number": shown, f"only-{number}": secret}


def test_each_stack_has_its_own_root_and_resources(stages: list[Stage]) -> None:
    def program(number: int) -> Callable[[], None]:
        def run() -> None:
            first = Thing(f"s{number}-first", value=number)
            first.made.apply(lambda made: void(Thing(f"s{number}-late", value=made)))
            pulumi.export("made", first.made)

        return run

    for _ in range(2):
        at_once(stages, program)
    for number, stage in enumerate(stages):
        assert sorted(stage.names()) == [f"s{number}-first", f"s{number}-late"]
        assert {one.parent for one in stage.state.resources if one.type.startswith("cloud:")} == {
            stage.resource("demo-dev").urn
        }


def test_each_stack_has_its_own_hooks_and_transforms(stages: list[Stage]) -> None:
    told: list[list[str]] = [[] for _ in range(COUNT)]

    def program(number: int) -> Callable[[], None]:
        def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
            if args.type_ != "cloud:index:Thing":
                return None
            return pulumi.ResourceTransformResult({**args.props, "value": number}, args.opts)

        def run() -> None:
            pulumi.runtime.register_resource_transform(transform)
            hook = pulumi.ResourceHook("same name", lambda args: told[number].append(args.name))
            hooks = pulumi.ResourceHookBinding(after_create=[hook])
            for index in range(5):
                Thing(f"s{number}-{index}", opts=pulumi.ResourceOptions(hooks=hooks))

        return run

    at_once(stages, program)
    for number, stage in enumerate(stages):
        assert sorted(told[number]) == [f"s{number}-{index}" for index in range(5)]
        assert {stage.resource(name).inputs["value"] for name in stage.names()} == {number}


def test_failure_of_one_stack_is_no_failure_of_another(stages: list[Stage]) -> None:
    def program(number: int) -> Callable[[], None]:
        def run() -> None:
            Thing(f"s{number}")
            if number == 0:
                raise ValueError("only mine")

        return run

    with ThreadPoolExecutor(COUNT) as pool:
        outcomes = list(pool.map(lambda number: stages[number].up(program(number)), range(COUNT)))
    assert [outcome.succeeded for outcome in outcomes] == [False, True, True, True]
    assert "python inline source runtime error: only mine" in "\n".join(stages[0].errors())
    assert [stage.errors() for stage in stages[1:]] == [[], [], []]


def test_next_run_starts_afresh(stages: list[Stage]) -> None:
    stage = stages[0]

    def leaking() -> None:
        pulumi.runtime.set_config("demo:other", "leaked")
        pulumi.runtime.register_resource_transform(lambda args: pulumi.ResourceTransformResult({"value": 1}, args.opts))
        pulumi.export("other", "x")

    def clean() -> None:
        Thing("a", value=pulumi.Config().get("other"))

    assert stage.up(leaking).succeeded, stage.errors()
    assert stage.up(clean).succeeded, stage.errors()
    assert stage.resource("a").inputs == {}
    assert stage.resource("demo-dev").outputs == {}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (SystemExit(0), "an unhandled error occurred: python inline source runtime error: 0"),
        (pulumi.RunError("my own words"), "an unhandled error occurred: my own words"),
        (ValueError("a bug"), "an unhandled error occurred: python inline source runtime error: a bug"),
    ],
    ids=["exit", "run-error", "bug"],
)
def test_inline_program_that_raises_fails_its_update_in_pulumis_words(
    stages: list[Stage], error: BaseException, told: str
) -> None:
    def program() -> None:
        raise error

    assert not stages[0].up(program).succeeded
    assert stages[0].errors()[-1].startswith(told)


class Stuck(LanguageRuntimeServicer):
    """Hosts a program that never comes to its end by itself."""

    def __init__(self) -> None:
        self.released = threading.Event()

    def Run(self, _request: Any, _context: Any) -> Any:
        self.released.wait(timeout=60)
        return language_pb2.RunResponse()


def test_inline_program_that_hangs_is_left_behind_by_a_cancellation(stages: list[Stage]) -> None:
    stage, host = stages[0], Stuck()
    server = grpc.server(ThreadPoolExecutor(max_workers=1))
    add_LanguageRuntimeServicer_to_server(host, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    threading.Timer(0.5, stage.cancel.set).start()
    outcome = stage.run(Operation.UP, InlineProgram(address=address), {})
    host.released.set()
    server.stop(0).wait()
    assert not outcome.succeeded
    assert outcome.seconds < 6


def test_threads_and_tasks_of_an_inline_program_do_not_hold_it_up(stages: list[Stage]) -> None:
    stage, released = stages[0], threading.Event()

    def program() -> None:
        Thing("a")
        threading.Thread(target=released.wait, daemon=True).start()
        asyncio.get_running_loop().create_task(asyncio.sleep(3600))

    outcome = stage.up(program)
    released.set()
    assert outcome.succeeded, stage.errors()
    assert outcome.seconds < 10
