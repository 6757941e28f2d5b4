"""Behaviours (support file): resources under other names, parents and types."""

from __future__ import annotations

import pulumi

from tests.engine.deploy.stage import Group, Thing
from tests.engine.golden.behaviour import Move, behaviour, preview, up


@behaviour("4.2")
def alias_of_a_renamed_resource() -> list[Move]:
    """The old state is found under the old name; references follow, the alias itself is not kept."""

    def program(name: str, *aliases: str) -> None:
        a = Thing(name, pulumi.ResourceOptions(aliases=[pulumi.Alias(name=one) for one in aliases]), value=1)
        Thing("b", pulumi.ResourceOptions(parent=a, depends_on=[a]), value=2)

    return [up(lambda: program("a")), preview(lambda: program("a2", "a")), up(lambda: program("a2", "a"))]


@behaviour("4.2")
def alias_of_a_renamed_parent() -> list[Move]:
    """A parent's alias holds for its children, whose names begin with the parent's."""

    def program(name: str, *aliases: str) -> None:
        group = Group(name, pulumi.ResourceOptions(aliases=[pulumi.Alias(name=one) for one in aliases]))
        Thing(f"{name}-a", pulumi.ResourceOptions(parent=group), value=1)

    return [up(lambda: program("old")), up(lambda: program("new", "old"))]


@behaviour("4.2")
def alias_of_a_moved_resource() -> list[Move]:
    """From the stack to beneath a component."""

    def program(moved: bool) -> None:
        group = Group("g")
        there = pulumi.ResourceOptions(parent=group, aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)])
        Thing("a", there if moved else pulumi.ResourceOptions(depends_on=[group]), value=1)

    return [up(lambda: program(False)), up(lambda: program(True))]


@behaviour("4.2")
def alias_of_another_type() -> list[Move]:
    """A type alias."""

    class Shed(pulumi.CustomResource):
        def __init__(self) -> None:
            aliases = [pulumi.Alias(type_="cloud:index:Thing")]
            super().__init__("cloud:index:Shed", "a", {"value": 1}, pulumi.ResourceOptions(aliases=aliases))

    return [up(lambda: Thing("a", value=1)), up(Shed)]


@behaviour("3.1")
def duplicate_name() -> list[Move]:
    """Two resources of one URN are refused."""

    def program() -> None:
        a = Thing("a", value=1)
        Thing("a", pulumi.ResourceOptions(depends_on=[a]), value=2)

    return [up(program)]
