"""Behaviours (support file): the order of deletes, and deletes without a call."""

from __future__ import annotations

import pulumi

from tests.engine.deploy.stage import Group, Thing
from tests.engine.golden.behaviour import Move, behaviour, destroy, preview, up


@behaviour("4.13")
def deletes_in_reverse_order() -> list[Move]:
    """Users go before what they use, children before parents."""

    def program() -> None:
        a = Thing("a", value=1)
        b = Thing("b", pulumi.ResourceOptions(parent=a), value=2)
        c = Thing("c", value=b.made)
        Thing("d", pulumi.ResourceOptions(depends_on=[c]), value=3)

    return [up(program), preview(lambda: None), up(lambda: None)]


@behaviour("4.13, 4.14")
def destroy_everything() -> list[Move]:
    """No program is needed."""

    def program() -> None:
        group = Group("g")
        a = Thing("a", pulumi.ResourceOptions(parent=group), value=1)
        Thing("b", value=a.made)

    return [up(program), destroy()]


@behaviour("4.14")
def retain_on_delete() -> list[Move]:
    """The state's entry just goes."""
    keep = pulumi.ResourceOptions(retain_on_delete=True)
    return [up(lambda: Thing("a", keep, value=1)), preview(lambda: None), up(lambda: None)]


@behaviour("4.9, 4.14")
def retain_on_delete_when_replaced() -> list[Move]:
    """The replaced one is left alone, too."""
    keep = pulumi.ResourceOptions(retain_on_delete=True)
    return [up(lambda: Thing("a", keep, key="1")), up(lambda: Thing("a", keep, key="2"))]


@behaviour("4.14")
def deleted_with_its_owner() -> list[Move]:
    """What goes together with its owner needs no call."""

    def program() -> None:
        a = Thing("a", value=1)
        Thing("b", pulumi.ResourceOptions(deleted_with=a, depends_on=[a]), value=2)

    return [up(program), up(lambda: None)]


@behaviour("4.14")
def deleted_with_an_owner_that_stays() -> list[Move]:
    """Its owner stays, so it is deleted like any other."""

    def program(both: bool) -> None:
        a = Thing("a", value=1)
        if both:
            Thing("b", pulumi.ResourceOptions(deleted_with=a, depends_on=[a]), value=2)

    return [up(lambda: program(True)), up(lambda: program(False))]


@behaviour("4.14, 11.4")
def protected_delete() -> list[Move]:
    """A message, exit code not 0, and the others go."""

    def program() -> None:
        a = Thing("a", pulumi.ResourceOptions(protect=True), value=1)
        Thing("b", pulumi.ResourceOptions(depends_on=[a]), value=2)

    return [up(program), preview(lambda: None), up(lambda: None), destroy()]


@behaviour("4.8")
def protected_replace() -> list[Move]:
    """An update stops; a preview says so and goes on."""
    held = pulumi.ResourceOptions(protect=True)
    return [
        up(lambda: Thing("a", held, key="1")),
        preview(lambda: Thing("a", held, key="2")),
        up(lambda: Thing("a", held, key="2")),
        up(lambda: Thing("a", key="2")),
        up(lambda: Thing("a", key="3")),
    ]
