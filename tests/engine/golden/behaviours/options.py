"""Behaviours (support file): options of resources that shape Check, Diff and the state."""

from __future__ import annotations

from typing import Any

import pulumi

from tests.engine.deploy.stage import Group, Thing
from tests.engine.golden.behaviour import Move, behaviour, preview, up


@behaviour("4.4")
def ignore_changes() -> list[Move]:
    """Old inputs at those paths are what the provider is asked about."""

    def program(value: Any, **inputs: Any) -> None:
        ignored = ["value.b", "value.list[0]", "gone", "extra"]
        Thing("a", pulumi.ResourceOptions(ignore_changes=ignored), value=value, **inputs)

    return [
        up(lambda: program({"a": 1, "b": 1, "list": [1, 2]}, gone="here")),
        preview(lambda: program({"a": 1, "b": 2, "list": [9, 2]}, extra="new")),
        up(lambda: program({"a": 2, "b": 2, "list": [9, 3]}, extra="new")),
    ]


@behaviour("4.5")
def replace_on_changes() -> list[Move]:
    """A changed path that matches makes a replacement of what would be an update."""

    def program(value: Any) -> None:
        Thing("a", pulumi.ResourceOptions(replace_on_changes=["value.b"]), value=value)

    return [
        up(lambda: program({"a": 1, "b": 1})),
        up(lambda: program({"a": 2, "b": 1})),
        preview(lambda: program({"a": 2, "b": 2})),
        up(lambda: program({"a": 2, "b": 2})),
    ]


@behaviour("4.5")
def replacement_trigger() -> list[Move]:
    """A trigger that differs from the stored one replaces; the same one does not."""

    def program(trigger: Any) -> None:
        Thing("a", pulumi.ResourceOptions(replacement_trigger=trigger), value=1)

    return [up(lambda: program("1")), up(lambda: program("1")), up(lambda: program("2"))]


@behaviour("4.6")
def replace_with_another() -> list[Move]:
    """Replaced because something else is."""

    def program(key: str) -> None:
        a = Thing("a", key=key)
        Thing("b", pulumi.ResourceOptions(replace_with=[a], depends_on=[a]), value=1)

    return [up(lambda: program("1")), preview(lambda: program("2")), up(lambda: program("2"))]


@behaviour("4.6")
def replaced_owner_takes_those_deleted_with_it() -> list[Move]:
    """Replaced because its `deletedWith` is."""

    def program(key: str) -> None:
        a = Thing("a", key=key)
        Thing("b", pulumi.ResourceOptions(deleted_with=a, depends_on=[a]), value=1)

    return [up(lambda: program("1")), up(lambda: program("2"))]


@behaviour("4.7")
def options_alone_change() -> list[Move]:
    """No call but Check and Diff; the state has the new options and keeps its times."""
    timeouts = pulumi.CustomTimeouts(create="5m", update="1h", delete="30s")

    def changed() -> None:
        Thing("a", pulumi.ResourceOptions(protect=True, retain_on_delete=True, custom_timeouts=timeouts), value=1)

    return [up(lambda: Thing("a", value=1)), up(changed), up(changed)]


@behaviour("4.24")
def custom_timeouts() -> list[Move]:
    """Seconds reach the provider; the state keeps them as numbers."""
    timeouts = pulumi.CustomTimeouts(create="5m", update="1h", delete="30s")

    def program(value: int) -> None:
        Thing("a", pulumi.ResourceOptions(custom_timeouts=timeouts), value=value)

    return [up(lambda: program(1)), up(lambda: program(2)), up(lambda: None)]


@behaviour("2.6")
def inherited_options() -> list[Move]:
    """Children take protect, retainOnDelete and deletedWith from their parent, unless they say otherwise."""

    def program() -> None:
        owner = Thing("owner", value=0)
        opts = pulumi.ResourceOptions(protect=True, retain_on_delete=True, deleted_with=owner, depends_on=[owner])
        group = Group("g", opts)
        a = Thing("a", pulumi.ResourceOptions(parent=group, depends_on=[owner]), value=1)
        Thing("b", pulumi.ResourceOptions(parent=group, protect=False, depends_on=[owner, a]), value=2)

    return [up(program)]
