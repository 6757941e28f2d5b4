"""A component written in Python as a plugin folder, which the engine launches, and which calls back to its monitor."""

from __future__ import annotations

import textwrap

import pulumi
import pytest

from engine.plugins.find import Plugin, ProjectPlugins
from engine.values import Secret
from tests.engine.deploy.stage import Stage, Thing
from tests.engine.deploy.test_methods import MAIN, Greeter
from tests.engine.deploy.test_remote_components import HOST, Pair


def _install(stage: Stage, text: str) -> None:
    folder = stage.directory / "parts"
    folder.mkdir()
    (folder / "PulumiPlugin.yaml").write_text("runtime: python\n")
    (folder / "__main__.py").write_text(textwrap.dedent(text))
    stage.plugins = ProjectPlugins(named=(Plugin(kind="resource", name="parts", path=folder),))


@pytest.fixture
def pairs(stage: Stage) -> None:
    """The provider of `Pair` lies beside the program."""
    _install(stage, HOST)


def test_component_of_a_plugin_lives_and_dies(stage: Stage, pairs: None) -> None:
    def program() -> None:
        pair = Pair("p", value=Thing("source").made, secret=pulumi.Output.secret("hunter2"))
        Thing("user", value=pair.left)

    assert stage.preview(program).changes == {"create": 6}, stage.errors()
    assert stage.cloud.changes() == []
    assert stage.up(program).changes == {"create": 6}, stage.errors()
    pair, left = stage.resource("p"), stage.resource("p-left")
    assert pair.outputs == {"left": left.id, "secret": Secret("hunter2")}
    assert stage.resource("user").inputs == {"value": left.id}
    assert stage.up(program).changes == {"same": 6}, stage.errors()
    assert stage.destroy().succeeded, stage.errors()
    assert stage.cloud.things == {}


def test_options_and_hooks_reach_the_component(stage: Stage) -> None:
    _install(stage, MAIN)
    said: list[str] = []

    def program() -> None:
        opts = pulumi.ResourceOptions(
            protect=True,
            additional_secret_outputs=["left"],
            hooks=pulumi.ResourceHookBinding(
                after_create=[pulumi.ResourceHook("note", lambda args: said.append(args.name))]
            ),
        )
        Greeter("g", opts)

    assert stage.up(program).succeeded, stage.errors()
    assert stage.resource("g").protect
    assert said == ["g"]


def test_renamed_component_is_found_by_its_alias(stage: Stage) -> None:
    _install(stage, MAIN)
    assert stage.up(lambda: (Greeter("old"), None)[1]).succeeded, stage.errors()
    aliases = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")])
    outcome = stage.up(lambda: (Greeter("new", aliases), None)[1])
    assert outcome.changes == {"same": 2}, stage.errors()
    assert stage.names() == ["new"]


def test_broken_component_is_an_error_on_it(stage: Stage, pairs: None) -> None:
    def program() -> None:
        Pair("p", value="broken")

    assert not stage.up(program).succeeded
    (error,) = stage.errors()
    assert "parts:index:Pair resource 'p' has a problem:" in error
    assert "a bug in the component" in error
