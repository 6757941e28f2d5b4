"""Behaviours (support file): replacements in both orders, and what they do to others."""

from __future__ import annotations

import pulumi

from tests.engine.deploy.stage import Thing
from tests.engine.golden.behaviour import Move, behaviour, preview, up

_FIRST = pulumi.ResourceOptions(delete_before_replace=True)


@behaviour("4.8, 4.9, 4.11")
def replace_creates_first() -> list[Move]:
    """The new one is made, what uses it follows, the old one is deleted at the end."""

    def program(key: str) -> None:
        a = Thing("a", key=key)
        Thing("b", value=a.made)

    return [up(lambda: program("1")), preview(lambda: program("2")), up(lambda: program("2"))]


@behaviour("4.10")
def replace_deletes_first() -> list[Move]:
    """Asked for by the program; a dependent that would only be updated stays."""

    def program(key: str) -> None:
        a = Thing("a", pulumi.ResourceOptions(delete_before_replace=True), key=key)
        Thing("b", value=a.made)

    return [up(lambda: program("1")), preview(lambda: program("2")), up(lambda: program("2"))]


@behaviour("4.8")
def replace_deletes_first_because_the_provider_says_so() -> list[Move]:
    """The provider's word counts where the program says nothing."""
    return [up(lambda: Thing("a", key="1", fixed=True)), up(lambda: Thing("a", key="2", fixed=True))]


@behaviour("4.8")
def program_overrules_the_providers_order() -> list[Move]:
    """The provider would delete first; the program says no."""

    def program(key: str) -> None:
        Thing("a", pulumi.ResourceOptions(delete_before_replace=False), key=key, fixed=True)

    return [up(lambda: program("1")), up(lambda: program("2"))]


def _chain(key: str) -> None:
    a = Thing("a", pulumi.ResourceOptions(delete_before_replace=True), key=key)
    b = Thing("b", key=a.made)
    c = Thing("c", key=b.made)
    Thing("d", value=c.made)


@behaviour("4.10")
def replace_deletes_dependents_first() -> list[Move]:
    """Those that would be replaced go before it, in reverse order, and are made again when their turn comes."""
    return [up(lambda: _chain("1")), preview(lambda: _chain("2")), up(lambda: _chain("2"))]


@behaviour("4.12, 11.4")
def rerun_after_failed_replacement() -> list[Move]:
    """The delete went through, the create did not: the next update makes it, and deletes dependents again."""
    return [
        up(lambda: _chain("1")),
        up(lambda: _chain("2"), change=lambda cloud: cloud.fail("create", "a")),
        preview(lambda: _chain("2")),
        up(lambda: _chain("2")),
    ]


@behaviour("4.13")
def pending_replacement_is_dropped_by_the_program() -> list[Move]:
    """What was deleted for a replacement that failed, and is wanted no more, goes without a call."""

    def program(key: str) -> None:
        Thing("a", pulumi.ResourceOptions(delete_before_replace=True), key=key)

    return [
        up(lambda: program("1")),
        up(lambda: program("2"), change=lambda cloud: cloud.fail("create", "a")),
        up(lambda: None),
    ]


@behaviour("4.9")
def create_of_a_replacement_fails() -> list[Move]:
    """The old one stays as it was."""

    def program(key: str) -> None:
        Thing("a", key=key)

    return [
        up(lambda: program("1")),
        up(lambda: program("2"), change=lambda cloud: cloud.fail("create", "a")),
        up(lambda: program("2")),
    ]


@behaviour("4.9, 4.33")
def delete_of_the_replaced_fails() -> list[Move]:
    """Both stand in the state; the next update deletes the old one."""

    def program(key: str) -> None:
        Thing("a", key=key)

    return [
        up(lambda: program("1")),
        up(lambda: program("2"), change=lambda cloud: cloud.fail("delete", "a")),
        preview(lambda: program("2")),
        up(lambda: program("2")),
    ]


@behaviour("4.10")
def protected_dependent_stops_a_replacement() -> list[Move]:
    """Nothing is deleted when a dependent may not be."""

    def program(key: str) -> None:
        a = Thing("a", pulumi.ResourceOptions(delete_before_replace=True), key=key)
        Thing("b", pulumi.ResourceOptions(protect=True), key=a.made)

    return [up(lambda: program("1")), up(lambda: program("2"))]


@behaviour("4.6")
def replace_on_request() -> list[Move]:
    """`--replace URN`: the user's word is enough."""
    urn = "urn:pulumi:dev::demo::cloud:index:Thing::a"
    return [up(lambda: Thing("a", value=1)), up(lambda: Thing("a", value=1), "--replace", urn)]
