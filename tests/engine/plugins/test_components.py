"""Components and methods out of a plugin that the SDK's own component host serves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pytest

import engine.providers
from engine.plugins.find import Plugin, ProjectPlugins
from engine.values import Secret
from providers import BUILT_IN
from tests.engine.deploy.stage import Stage

WARES = """
from typing import Optional, TypedDict
import pulumi
import pulumi_random as random
from pulumi.provider.experimental import component_provider_host


class ShopArgs(TypedDict):
    owner: pulumi.Input[str]
    size: Optional[pulumi.Input[int]]


class Shop(pulumi.ComponentResource):
    sign: pulumi.Output[str]
    code: pulumi.Output[str]

    def __init__(self, name: str, args: ShopArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("wares:index:Shop", name, {}, opts)
        if args.get("owner") == "nobody":
            raise ValueError("a shop needs an owner")
        child = pulumi.ResourceOptions(parent=self)
        pet = random.RandomPet(f"{name}-pet", length=args.get("size") or 1, opts=child)
        key = random.RandomPassword(f"{name}-code", length=8, opts=child)
        self.sign = pulumi.Output.concat(args["owner"], " and ", pet.id)
        self.code = key.result
        self.register_outputs({"sign": self.sign, "code": self.code})


if __name__ == "__main__":
    component_provider_host(name="wares", components=[Shop])
"""


class Shop(pulumi.ComponentResource):
    """The program's side of the component."""

    sign: pulumi.Output[str]
    code: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **inputs: Any) -> None:
        super().__init__("wares:index:Shop", name, {"sign": None, "code": None, **inputs}, opts, remote=True)


@pytest.fixture
def stage(stage: Stage, tmp_path: Path) -> Stage:
    """A stage whose project names the component plugin."""
    engine.providers.register("random", BUILT_IN["random"])
    folder = tmp_path / "wares"
    folder.mkdir()
    (folder / "PulumiPlugin.yaml").write_text("runtime: python\n")
    (folder / "__main__.py").write_text(WARES)
    stage.plugins = ProjectPlugins(named=(Plugin(kind="resource", name="wares", path=folder),))
    return stage


def program(owner: str = "Ann") -> Any:
    def run() -> None:
        shop = Shop("corner", owner=owner, size=2)
        pulumi.export("sign", shop.sign)
        pulumi.export("code", shop.code)

    return run


def test_component_of_a_plugin_is_built_with_its_children(stage: Stage) -> None:
    assert stage.preview(program()).succeeded, stage.errors()
    assert stage.up(program()).succeeded, stage.errors()
    assert sorted(stage.names()) == ["corner", "corner-code", "corner-pet"]
    shop = stage.resource("corner")
    pet = stage.resource("corner-pet")
    assert pet.parent == shop.urn
    assert shop.outputs["sign"] == f"Ann and {pet.id}"
    assert isinstance(stage.resource("demo-dev").outputs["code"], Secret)
    outcome = stage.up(program())
    assert outcome.succeeded and set(outcome.changes) == {"same"}, outcome.changes
    assert stage.destroy().succeeded and not stage.names()


def test_a_component_that_fails_is_an_error_of_its_resource(stage: Stage) -> None:
    assert not stage.up(program("nobody")).succeeded
    assert any("a shop needs an owner" in error for error in stage.errors()), stage.errors()
