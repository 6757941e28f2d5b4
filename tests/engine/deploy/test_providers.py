"""Default and explicit providers: made once, reused, reconfigured, replaced, and loaded again from the state."""

from __future__ import annotations

import pulumi

from engine.deploy.api import ConfigValue
from tests.engine.deploy.stage import CloudSettings, Group, Stage, Thing


def _versioned(version: str) -> None:
    for name in ("a", "b"):
        Thing(name, opts=pulumi.ResourceOptions(version=version))


def test_default_provider_is_named_after_its_version_and_made_once(stage: Stage) -> None:
    stage.config["cloud:region"] = ConfigValue("north")
    outcome = stage.up(lambda: _versioned("1.2.3"))
    provider = stage.resource("default_1_2_3")
    assert provider.type == "pulumi:providers:cloud"
    assert provider.inputs == {"region": "north", "version": "1.2.3", "__internal": {}}
    assert provider.outputs == {"region": "north", "version": "1.2.3"}
    assert stage.cloud.configured == [{"region": "north"}]
    assert stage.resource("a").provider == f"{provider.urn}::{provider.id}"
    assert outcome.changes == {"create": 3}, "nobody asked for the provider by name"
    assert "default_1_2_3" not in [name for _, name in stage.ops()]

    stage.up(lambda: _versioned("1.2.3"))
    assert stage.resource("default_1_2_3") == provider


def test_new_provider_version_only_changes_the_reference(stage: Stage) -> None:
    stage.up(lambda: _versioned("1.2.3"))
    outcome = stage.up(lambda: _versioned("1.3.0"))
    assert outcome.changes == {"same": 3}
    assert sorted(stage.cloud.changes()) == [("create", "a"), ("create", "b")]
    assert stage.resource("a").provider.startswith(stage.resource("default_1_3_0").urn)
    assert [one.urn for one in stage.state.resources if one.urn.endswith("default_1_2_3")] == []


def test_changed_provider_config_is_used_at_once(stage: Stage) -> None:
    def program(token: str) -> None:
        settings = CloudSettings("s", token=token)
        Thing("a", opts=pulumi.ResourceOptions(provider=settings))

    stage.up(lambda: program("1"))
    outcome = stage.up(lambda: program("2"))
    assert outcome.changes == {"same": 2, "update": 1}
    assert stage.cloud.configured == [{"token": "1"}, {"token": "2"}]


def test_provider_that_moves_elsewhere_replaces_its_resources(stage: Stage) -> None:
    def program(region: str) -> None:
        settings = CloudSettings("s", region=region)
        Thing("a", opts=pulumi.ResourceOptions(provider=settings))

    stage.up(lambda: program("north"))
    old = stage.resource("s").id
    outcome = stage.up(lambda: program("south"))
    assert outcome.succeeded, stage.errors()
    assert stage.cloud.changes() == [("create", "a"), ("create", "a"), ("delete", "a")]
    assert stage.resource("s").id != old
    assert stage.resource("a").provider.endswith(stage.resource("s").id)
    assert outcome.changes == {"same": 1, "replace": 2}


def test_children_inherit_the_provider_of_their_component(stage: Stage) -> None:
    def program() -> None:
        settings = CloudSettings("s", region="north")
        group = Group("g", opts=pulumi.ResourceOptions(providers=[settings]))
        inner = Group("i", opts=pulumi.ResourceOptions(parent=group))
        Thing("a", opts=pulumi.ResourceOptions(parent=inner))

    stage.up(program)
    assert stage.resource("a").provider.startswith(stage.resource("s").urn)
    assert not [one for one in stage.state.resources if one.urn.endswith("::default")]


def test_delete_uses_the_provider_of_the_state(stage: Stage) -> None:
    def program() -> None:
        settings = CloudSettings("s", region="north")
        Thing("a", opts=pulumi.ResourceOptions(provider=settings))

    stage.up(program)
    stage.cloud.configured.clear()
    assert stage.up(lambda: None).succeeded
    assert stage.cloud.changes()[-1] == ("delete", "a")
    assert stage.cloud.configured == [{"region": "north"}]
    assert stage.names() == []


def test_default_providers_can_be_forbidden(stage: Stage) -> None:
    stage.config["pulumi:disable-default-providers"] = ConfigValue('["cloud"]', structured=True)
    assert not stage.up(lambda: (Thing("a"), None)[1]).succeeded
    assert "disabled" in stage.errors()[0]


def test_providers_are_closed_at_the_end(stage: Stage) -> None:
    stage.up(lambda: (Thing("a"), None)[1])
    assert stage.cloud.closed == 1
