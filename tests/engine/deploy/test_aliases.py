"""A renamed resource is found under its former name, and so are its children."""

from __future__ import annotations

import pulumi

from tests.engine.deploy.stage import Group, Stage, Thing


def test_renamed_resource_is_kept(stage: Stage) -> None:
    def program(name: str, *aliases: pulumi.Alias) -> None:
        a = Thing(name, value="x", opts=pulumi.ResourceOptions(aliases=list(aliases)))
        Thing("user", value=a.made)

    stage.up(lambda: program("a"))
    outcome = stage.up(lambda: program("b", pulumi.Alias(name="a")))
    assert outcome.succeeded, stage.errors()
    assert outcome.changes == {"same": 3}
    assert stage.names() == ["b", "user"]
    assert stage.resource("user").dependencies == (stage.resource("b").urn,)
    assert stage.up(lambda: program("b")).changes == {"same": 3}, "the alias may go afterwards"


def test_children_follow_their_renamed_parent(stage: Stage) -> None:
    def program(name: str, *aliases: pulumi.Alias) -> None:
        group = Group(name, opts=pulumi.ResourceOptions(aliases=list(aliases)))
        inner = Group(f"{name}-inner", opts=pulumi.ResourceOptions(parent=group))
        Thing(f"{name}-inner-thing", opts=pulumi.ResourceOptions(parent=inner))

    stage.up(lambda: program("old"))
    outcome = stage.up(lambda: program("new", pulumi.Alias(name="old")))
    assert outcome.changes == {"same": 4}
    assert stage.names() == ["new", "new-inner", "new-inner-thing"]


def test_resource_that_moves_under_a_component_is_kept(stage: Stage) -> None:
    def program(nested: bool) -> None:
        group = Group("g")
        opts = pulumi.ResourceOptions(parent=group, aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)])
        Thing("a", opts=opts if nested else None)

    stage.up(lambda: program(False))
    outcome = stage.up(lambda: program(True))
    assert outcome.changes == {"same": 3}, stage.ops()
    assert "Group$" in stage.resource("a").urn


def test_old_neighbours_follow_a_rename_even_if_the_update_fails_then(stage: Stage) -> None:
    def program(name: str, *aliases: pulumi.Alias) -> None:
        a = Thing(name, opts=pulumi.ResourceOptions(aliases=list(aliases)))
        Thing("user", value=a.made)

    stage.up(lambda: program("a"))
    stage.cloud.fail("check", "user")
    outcome = stage.up(lambda: program("b", pulumi.Alias(name="a")))
    assert not outcome.succeeded
    assert stage.resource("user").dependencies == (stage.resource("b").urn,)
