"""Dynamic resources of inline programs: the user's own providers, at work in this process."""

from __future__ import annotations

from typing import Any, ClassVar

import pulumi
import pytest
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    Resource,
    ResourceProvider,
    UpdateResult,
)

from engine.deploy.api import ConfigValue
from engine.values import UNKNOWN, Secret
from tests.engine.deploy.stage import Group, Stage


class Shelf(ResourceProvider):
    """Keeps things on a shelf, and notes what it was asked."""

    things: ClassVar[dict[str, Any]] = {}
    calls: ClassVar[list[str]] = []

    def configure(self, req: ConfigureRequest) -> None:
        self.mark = req.config.get("mark") or ""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        failures = [CheckFailure("size", "is too large")] if news.get("size") == 99 else []
        return CheckResult({**news, "kind": "shelf"}, failures)

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        moved = olds.get("place") != news.get("place")
        return DiffResult(replaces=["place"] if moved else None, delete_before_replace=True)

    def create(self, props: dict[str, Any]) -> CreateResult:
        self.calls.append("create")
        if props.get("size") == 13:
            raise ValueError("thirteen is unlucky")
        id = f"s-{len(self.calls)}"
        self.things[id] = props.get("size")
        return CreateResult(id, {"size": props.get("size"), "tok": f"{self.mark}{id}", "note": props.get("note")})

    def update(self, id: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        self.calls.append("update")
        self.things[id] = news["size"]
        return UpdateResult({**olds, "size": news["size"]})

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        if id_ not in self.things:
            return ReadResult(None, {})
        return ReadResult(id_, {**props, "size": self.things[id_]})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        self.calls.append("delete")
        self.things.pop(_id, None)


class Thing(Resource):
    """Something on a shelf."""

    size: pulumi.Output[int]
    tok: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **props: Any) -> None:
        super().__init__(Shelf(), name, {"size": None, "tok": None, **props}, opts)


@pytest.fixture(autouse=True)
def clean() -> None:
    Shelf.things.clear()
    Shelf.calls.clear()


def _program(**props: Any) -> Any:
    return lambda: (Thing("thing", **props), None)[1]


def test_life_of_a_dynamic_resource(stage: Stage) -> None:
    assert stage.preview(_program(size=1)).changes == {"create": 2}
    assert Shelf.calls == []
    assert stage.up(_program(size=1)).changes == {"create": 2}
    assert stage.up(_program(size=1)).changes == {"same": 2}
    assert stage.up(_program(size=2)).changes == {"same": 1, "update": 1}
    assert list(Shelf.things.values()) == [2]
    assert stage.up(_program(size=2, place="attic")).changes == {"same": 1, "replace": 1}
    assert Shelf.calls == ["create", "update", "delete", "create"]
    assert stage.destroy().succeeded, stage.errors()
    assert Shelf.things == {}


def test_state_is_as_pulumi_writes_it(stage: Stage) -> None:
    def program() -> None:
        opts = pulumi.ResourceOptions(parent=Group("group"), additional_secret_outputs=["tok"])
        Thing("thing", opts, size=1, note=pulumi.Output.secret("hunter2"))

    assert stage.up(program).succeeded, stage.errors()
    thing = stage.resource("thing")
    assert thing.urn == "urn:pulumi:dev::demo::cloud:index:Group$pulumi-python:dynamic:Resource::thing"
    assert isinstance(thing.inputs["__provider"], Secret)
    assert thing.outputs["__provider"] == thing.inputs["__provider"]
    assert thing.inputs["note"] == thing.outputs["note"] == Secret("hunter2")
    assert thing.inputs["kind"] == "shelf"
    assert thing.outputs["tok"] == Secret("s-1")
    assert thing.additional_secret_outputs == ("tok",)
    assert thing.created == thing.modified != ""
    provider, _, id = thing.provider.rpartition("::")
    assert provider == "urn:pulumi:dev::demo::pulumi:providers:pulumi-python::default"
    (kept,) = [one for one in stage.state.resources if one.urn == provider]
    assert (kept.id, kept.inputs, kept.outputs) == (id, {}, {})


def test_provider_may_look_at_the_config(stage: Stage) -> None:
    stage.config["demo:mark"] = ConfigValue("m-", secret=True)
    assert stage.up(_program(size=1)).succeeded, stage.errors()
    assert stage.resource("thing").outputs["tok"] == "m-s-1"


def test_refresh_finds_changes_and_losses(stage: Stage) -> None:
    stage.up(_program(size=1))
    Shelf.things["s-1"] = 5
    assert stage.refresh().succeeded, stage.errors()
    assert stage.resource("thing").outputs["size"] == 5
    Shelf.things.clear()
    assert stage.refresh().succeeded, stage.errors()
    assert stage.names() == []


def test_bug_in_the_providers_code_is_shown_with_the_users_lines_only(stage: Stage) -> None:
    assert not stage.up(_program(size=13)).succeeded
    (error,) = stage.errors()
    assert error.startswith("Traceback (most recent call last):")
    assert error.endswith("ValueError: thirteen is unlucky")
    assert "test_dynamic_resources.py" in error
    assert "engine/providers" not in error
    assert stage.names() == []


def test_refused_input_is_named(stage: Stage) -> None:
    assert not stage.up(_program(size=99)).succeeded
    assert "size: is too large" in stage.errors()[0]


def test_unknown_input_waits_for_the_update(stage: Stage) -> None:
    def program() -> None:
        Thing("user", size=Thing("thing", size=1).tok)

    assert stage.preview(program).succeeded, stage.errors()
    assert stage.up(program).succeeded, stage.errors()
    assert stage.resource("user").inputs["size"] == "s-1"
    assert UNKNOWN not in stage.resource("user").outputs.values()


def test_dynamic_resources_of_other_languages_are_refused_by_name(stage: Stage) -> None:
    def program() -> None:
        pulumi.CustomResource("pulumi-nodejs:dynamic:Resource", "r", {"__provider": "x"})

    assert not stage.up(program).succeeded
    assert "pulumi-nodejs" in stage.errors()[0]
