"""References to resources as values: into providers, into state, and back into a program."""

from __future__ import annotations

from typing import Any

import pulumi

from engine.values import ResourceRef
from tests.engine.deploy.stage import Group, Stage, Thing


def test_references_to_customs_and_components_are_kept_in_state(stage: Stage) -> None:
    def program() -> None:
        thing, group = Thing("thing"), Group("group")
        holder = Group("holder", one=thing)
        holder.register_outputs({"thing": thing, "group": group})

    assert stage.up(program).succeeded, stage.errors()
    thing, group, holder = (stage.resource(name) for name in ("thing", "group", "holder"))
    assert holder.outputs["thing"] == ResourceRef(urn=thing.urn, id=thing.id)
    assert holder.outputs["group"] == ResourceRef(urn=group.urn)
    assert holder.inputs["one"] == ResourceRef(urn=thing.urn, id=thing.id)


def test_provider_that_takes_no_references_gets_ids(stage: Stage) -> None:
    assert stage.up(lambda: (Thing("user", value=Thing("thing")), None)[1]).succeeded, stage.errors()
    assert {"value": "thing-1"} in stage.cloud.things.values()


def test_known_resource_is_hydrated_from_its_urn(stage: Stage) -> None:
    found: list[Any] = []

    def program() -> None:
        thing = Thing("thing", value="v")

        def again(urn: str) -> Any:
            return Thing("thing", pulumi.ResourceOptions(urn=urn)).value.apply(found.append)

        pulumi.export("done", pulumi.Output.all(thing.urn, thing.id).apply(lambda both: again(both[0])))

    assert stage.up(program).succeeded, stage.errors()
    assert found == ["v"]


def test_unknown_resource_is_named(stage: Stage) -> None:
    urn = "urn:pulumi:dev::demo::cloud:index:Thing::none"
    assert not stage.up(lambda: (Thing("none", pulumi.ResourceOptions(urn=urn)), None)[1]).succeeded
    assert f"unknown resource {urn}" in "\n".join(stage.errors())
