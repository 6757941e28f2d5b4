"""Methods of resources: who answers them, what they are given, and what becomes of a failing one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pulumi
import pytest

import engine.providers
from engine.component_api import CallReply, CallRequest
from engine.values import OutputValue, ResourceRef, Secret
from tests.engine.deploy.component_process import ComponentClient, provider_process
from tests.engine.deploy.stage import CloudSettings, Stage, Thing

MAIN = """
    import sys, pulumi
    from pulumi.provider import CallResult, CheckFailure, ConstructResult, Provider, main

    class Greeter(pulumi.ComponentResource):
        def __init__(self, name, opts):
            super().__init__("parts:index:Greeter", name, {}, opts)
            self.register_outputs({})

    class Parts(Provider):
        def construct(self, name, resource_type, inputs, options=None):
            return ConstructResult(Greeter(name, options).urn, {})

        def call(self, token, args):
            word = pulumi.Output.from_input(args["word"])
            if token == "parts:index:Greeter/refuse":
                return CallResult({}, [CheckFailure("word", "is not nice")])
            if token != "parts:index:Greeter/greet":
                raise ValueError(f"no method {token}")
            return CallResult({"text": word.apply(lambda text: f"hello {text}")})

    main(Parts("1.0.0"), sys.argv[1:])
"""


class Greeter(pulumi.ComponentResource):
    """What a generated SDK has for the component above."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parts:index:Greeter", name, {}, opts, remote=True)

    def call(self, method: str, word: Any) -> pulumi.Output[Any]:
        """Call a method."""
        return pulumi.runtime.call(f"parts:index:Greeter/{method}", {"__self__": self, "word": word}, self)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with provider_process(MAIN, tmp_path_factory.mktemp("parts")) as found:
        yield found


@pytest.fixture
def clients(stage: Stage, address: str) -> list[ComponentClient]:
    made: list[ComponentClient] = []

    def client(host: Any) -> ComponentClient:
        made.append(ComponentClient(stage.cloud, host, address))
        return made[-1]

    engine.providers.register("parts", client)
    return made


def test_method_answers_with_what_it_depends_on(stage: Stage, clients: list[ComponentClient]) -> None:
    def program() -> None:
        answer = Greeter("g").call("greet", Thing("source").made)
        Thing("user", value=answer.apply(lambda all: all["text"]))

    assert stage.up(program).succeeded, stage.errors()
    source, user = stage.resource("source"), stage.resource("user")
    assert user.inputs == {"value": f"hello {source.id}"}
    assert user.dependencies == (source.urn,)
    (request,) = [one for client in clients for one in client.called]
    assert request.args["__self__"] == ResourceRef(urn=stage.resource("g").urn)
    assert request.args["word"] == OutputValue(value=source.id, dependencies=(source.urn,))
    assert request.arg_dependencies == {"__self__": (), "word": (source.urn,)}


def test_answer_is_unknown_in_a_preview_when_its_argument_is(stage: Stage, clients: list[ComponentClient]) -> None:
    seen: list[Any] = []

    def program() -> None:
        Greeter("g").call("greet", Thing("source").made).apply(seen.append)

    assert stage.preview(program).succeeded, stage.errors()
    assert seen == []


def test_failing_method_ends_even_a_tolerant_update(stage: Stage, clients: list[ComponentClient]) -> None:
    def program() -> None:
        Greeter("g").call("stumble", "x")

    assert not stage.up(program, continue_on_error=True).succeeded
    (error,) = stage.errors()
    assert error.startswith("call to function 'parts:index:Greeter/stumble' failed:")
    assert "no method parts:index:Greeter/stumble" in error


def test_refused_argument_is_named(stage: Stage, clients: list[ComponentClient]) -> None:
    def program() -> None:
        Greeter("g").call("refuse", "x")

    assert not stage.up(program).succeeded
    assert "call of parts:index:Greeter/refuse failed: is not nice (word)" in stage.errors()[0]


class Answering(ComponentClient):
    """A provider in process whose methods say which of its settings answered."""

    def __init__(self, cloud: Any, host: Any) -> None:
        super().__init__(cloud, host, "127.0.0.1:1")
        self.settings: dict[str, Any] = {}

    def configure(self, inputs: Any) -> None:
        self.settings = dict(inputs)

    def call(self, request: CallRequest) -> CallReply:
        if request.token.endswith("/token"):
            return CallReply(result={"token": Secret("hunter2")})
        return CallReply(result={"region": self.settings.get("region", "default")})


@pytest.mark.parametrize(("explicit", "answer"), [(True, "near"), (False, "default")])
def test_method_of_a_resource_is_answered_by_its_own_provider(stage: Stage, explicit: bool, answer: str) -> None:
    engine.providers.register("cloud", lambda host: Answering(stage.cloud, host))
    seen: list[Any] = []

    def program() -> None:
        near = CloudSettings("near", region="near")
        thing = Thing("t", pulumi.ResourceOptions(provider=near if explicit else None))
        pulumi.runtime.call("cloud:index:Thing/where", {"__self__": thing}).apply(seen.append)

    assert stage.up(program).succeeded, stage.errors()
    assert seen == [{"region": answer}]


def test_method_of_a_provider_is_answered_by_itself(stage: Stage) -> None:
    engine.providers.register("cloud", lambda host: Answering(stage.cloud, host))
    seen: list[Any] = []

    def program() -> None:
        near = CloudSettings("near", region="near")
        pulumi.runtime.call("pulumi:providers:cloud/where", {"__self__": near}, near).apply(seen.append)

    assert stage.up(program).succeeded, stage.errors()
    assert seen == [{"region": "near"}]


def test_secret_in_an_answer_stays_secret(stage: Stage) -> None:
    engine.providers.register("cloud", lambda host: Answering(stage.cloud, host))

    def program() -> None:
        pulumi.export("all", pulumi.runtime.call("cloud:index:Thing/token", {"__self__": Thing("t")}))

    assert stage.up(program).succeeded, stage.errors()
    assert stage.resource("demo-dev").outputs["all"] == Secret({"token": "hunter2"})
