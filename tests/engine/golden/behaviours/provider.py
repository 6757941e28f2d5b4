"""Behaviours (support file): default and explicit providers, and moving between them."""

from __future__ import annotations

import pulumi

from tests.engine.deploy.stage import CloudSettings, Group, Thing
from tests.engine.golden.behaviour import Move, behaviour, preview, up


def _two(region: str, value: int = 1) -> None:
    settings = CloudSettings("settings", region=region)
    Thing("a", pulumi.ResourceOptions(provider=settings), value=value)


@behaviour("3.4, 3.5, 4.19")
def explicit_provider() -> list[Move]:
    """CheckConfig, Configure, then resources; the reference holds the provider's id."""
    return [preview(lambda: _two("north")), up(lambda: _two("north")), up(lambda: None)]


@behaviour("3.5")
def provider_settings_are_replaced() -> list[Move]:
    """DiffConfig says that the new settings mean another place: everything in it is replaced."""
    return [up(lambda: _two("north")), preview(lambda: _two("south")), up(lambda: _two("south"))]


@behaviour("3.5")
def provider_settings_are_updated() -> list[Move]:
    """Settings that mean the same place are an update of the provider alone."""

    def program(level: str) -> None:
        settings = CloudSettings("settings", region="north", level=level)
        Thing("a", pulumi.ResourceOptions(provider=settings), value=1)

    return [up(lambda: program("1")), up(lambda: program("2"))]


@behaviour("3.3, 3.6")
def default_provider_of_another_version() -> list[Move]:
    """A version bump of a default provider is no replacement, only other references."""

    def program(version: str) -> None:
        Thing("a", pulumi.ResourceOptions(version=version), value=1)

    return [up(lambda: program("1.2.3")), preview(lambda: program("1.3.0")), up(lambda: program("1.3.0"))]


@behaviour("3.6")
def from_default_to_explicit_provider() -> list[Move]:
    """The new provider is asked whether its settings mean another place."""

    def same_place() -> None:
        settings = CloudSettings("settings")
        Thing("a", pulumi.ResourceOptions(provider=settings), value=1)

    return [up(lambda: Thing("a", value=1)), up(same_place), up(lambda: _two("south"))]


@behaviour("2.6")
def provider_of_the_parent() -> list[Move]:
    """Children use what their component was given."""

    def program() -> None:
        settings = CloudSettings("settings", region="north")
        group = Group("g", pulumi.ResourceOptions(providers=[settings]))
        Thing("a", pulumi.ResourceOptions(parent=group), value=1)

    return [up(program)]


@behaviour("3.8")
def provider_whose_settings_are_not_known() -> list[Move]:
    """A preview can't configure it, so that nothing is asked of it."""

    def program() -> None:
        a = Thing("a", value=1)
        settings = CloudSettings("settings", region=a.made)
        Thing("b", pulumi.ResourceOptions(provider=settings), value=2)

    return [preview(program), up(program)]
