"""Behaviours (support file): create, same, update, preview, components, outputs."""

from __future__ import annotations

import pulumi

from tests.engine.deploy.stage import Group, Thing
from tests.engine.golden.behaviour import Move, behaviour, destroy, preview, up


@behaviour("4.19, 4.24, 11.1")
def create() -> list[Move]:
    """The first update of one resource, previewed before."""

    def program() -> None:
        Thing("a", value={"text": "x", "number": 1, "list": [1.5, None, True]})

    return [preview(program), up(program), destroy()]


@behaviour("4.7")
def same() -> list[Move]:
    """Nothing changed: Check and Diff, no more."""

    def program() -> None:
        Thing("a", value="x")

    return [up(program), preview(program), up(program)]


@behaviour("4.23, 4.24")
def update() -> list[Move]:
    """One input changed; what depends on it is compared again."""

    def program(value: str) -> None:
        a = Thing("a", value=value)
        Thing("b", value=a.value)

    return [up(lambda: program("1")), preview(lambda: program("2")), up(lambda: program("2"))]


@behaviour("4.11, 4.26")
def preview_of_what_is_not_known() -> list[Move]:
    """A preview passes unknowns on to providers, an update never does."""

    def program() -> None:
        a = Thing("a", value="x")
        Thing("b", value={"of": a.made, "plain": 1})

    return [preview(program), up(program)]


@behaviour("2.7, 4.35")
def component() -> list[Move]:
    """Components have no provider; their outputs replace the old ones, and count once."""

    class Shop(pulumi.ComponentResource):
        def __init__(self, name: str, size: int, outputs: dict[str, int]) -> None:
            super().__init__("cloud:index:Shop", name, {"size": size})
            Thing(f"{name}-a", pulumi.ResourceOptions(parent=self), value=size)
            self.register_outputs(outputs)

    return [
        up(lambda: Shop("shop", 1, {"x": 1, "y": 1})),
        preview(lambda: Shop("shop", 2, {"x": 2})),
        up(lambda: Shop("shop", 2, {"x": 2})),
        up(lambda: Shop("shop", 2, {"x": 2})),
    ]


@behaviour("2.7")
def stack_outputs() -> list[Move]:
    """Outputs of the stack are kept last; those that are gone go."""

    def program(*names: str) -> None:
        a = Thing("a", value="x")
        for name in names:
            pulumi.export(name, a.made)

    return [up(lambda: program("one", "two")), up(lambda: program("two", "three"))]


@behaviour("2.15, 4.7")
def dependency_changes() -> list[Move]:
    """A resource that only depends on something else now is the same, with new references in the state."""

    def program(on_group: bool) -> None:
        group = Group("g")
        a = Thing("a", pulumi.ResourceOptions(parent=group), value=1)
        b = Thing("b", pulumi.ResourceOptions(depends_on=[group if on_group else a]), value=2)
        Thing("c", pulumi.ResourceOptions(depends_on=[a, b] if on_group else [b]), value=3)

    return [up(lambda: program(False)), up(lambda: program(True))]
