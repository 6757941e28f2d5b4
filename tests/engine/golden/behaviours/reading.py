"""Behaviours (support file): reads, invokes and refreshes."""

from __future__ import annotations

from typing import Any

import pulumi

from engine.errors import InitFailed
from tests.engine.deploy.stage import Thing
from tests.engine.golden.behaviour import Move, behaviour, destroy, preview, refresh, up
from tests.engine.golden.recorder import Recording


class Known(pulumi.CustomResource):
    """A thing that somebody else made."""

    made: pulumi.Output[str]

    def __init__(self, name: str, id: pulumi.Input[str], **inputs: Any) -> None:
        opts = pulumi.ResourceOptions(id=id)
        super().__init__("cloud:index:Thing", name, {"made": None, **inputs}, opts)


def _there(cloud: Recording) -> None:
    cloud.things["thing-7"] = {"value": "theirs"}


@behaviour("4.15")
def read() -> list[Move]:
    """The provider gets the program's properties as inputs and as state; the entry is external."""

    def program() -> None:
        known = Known("known", "thing-7", hint="h")
        Thing("b", value=known.made)

    return [preview(program, change=_there), up(program), up(program), destroy()]


@behaviour("4.15")
def read_of_what_is_not_there() -> list[Move]:
    """An error that names the id."""
    return [up(lambda: Known("known", "nothing"))]


@behaviour("2.8")
def read_with_an_unknown_id() -> list[Move]:
    """No Read, and nothing is known of it, until the id is."""

    def program() -> None:
        a = Thing("a", value="x")
        known = Known("known", a.made)
        Thing("b", value=known.made)

    return [preview(program), up(program)]


@behaviour("4.15")
def read_replaces_a_managed_resource() -> list[Move]:
    """The program only looks at something else under a name that it managed."""
    return [up(lambda: Thing("a", value=1), change=_there), up(lambda: Known("a", "thing-7"))]


@behaviour("2.9")
def invoke() -> list[Move]:
    """A function's arguments and result."""

    def program() -> None:
        result = pulumi.runtime.invoke_output("cloud:index:find", {"query": "x"})
        Thing("a", value=result.apply(lambda found: found["echo"]["query"]))

    return [preview(program), up(program)]


def _pair() -> None:
    a = Thing("a", value="1")
    Thing("b", pulumi.ResourceOptions(parent=a), value=a.made)


@behaviour("4.17")
def refresh_without_drift() -> list[Move]:
    """Read with old inputs and old outputs; nothing changes."""
    return [up(_pair), refresh()]


@behaviour("4.17")
def refresh_with_drift() -> list[Move]:
    """What the provider says is kept; the next update sets it right."""

    def drift(cloud: Recording) -> None:
        cloud.things["a-1"]["value"] = "drifted"

    return [up(_pair), refresh(change=drift), preview(_pair), up(_pair)]


@behaviour("4.17")
def refresh_of_what_is_gone() -> list[Move]:
    """The entry goes, references to it as well, and children find another parent."""
    return [up(_pair), refresh(change=lambda cloud: cloud.things.pop("a-1")), up(_pair)]


@behaviour("4.17")
def refresh_of_what_is_not_ready() -> list[Move]:
    """A warning, and the reasons in the state."""

    def not_ready(cloud: Recording) -> None:
        outputs = {"value": "1", "made": "a-1"}
        cloud.fail("read", "a", InitFailed(id="a-1", properties=outputs, reasons=["not ready"], inputs={"value": "1"}))

    return [up(_pair), refresh(change=not_ready), up(_pair)]


@behaviour("4.17")
def update_after_a_refresh() -> list[Move]:
    """`up --refresh` looks first, then updates."""

    def drift(cloud: Recording) -> None:
        cloud.things["a-1"]["value"] = "drifted"

    return [up(_pair), up(_pair, "--refresh", change=drift)]
