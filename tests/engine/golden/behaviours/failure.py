"""Behaviours (support file): failures, half-made resources, and the update after them."""

from __future__ import annotations

import pulumi

from engine.errors import InitFailed
from engine.provider_api import CheckFailure, CheckReply
from tests.engine.deploy.stage import Thing
from tests.engine.golden.behaviour import Move, behaviour, preview, up
from tests.engine.golden.recorder import Recording


def _half(cloud: Recording) -> None:
    cloud.things["a-9"] = {"value": "1"}
    cloud.fail("create", "a", InitFailed(id="a-9", properties={"made": "a-9"}, reasons=["not ready yet"]))


def _chain() -> None:
    a = Thing("a", value=1)
    b = Thing("b", value=a.made)
    Thing("c", value=b.made)


@behaviour("4.28, 4.33, 11.4")
def failed_create() -> list[Move]:
    """Nothing of it is kept, nothing that needs it is begun, and nothing is deleted."""
    return [
        up(lambda: Thing("old", value=0)),
        up(_chain, change=lambda cloud: cloud.fail("create", "b")),
        up(_chain),
    ]


@behaviour("4.27, 11.4")
def half_made_resource() -> list[Move]:
    """Id, new inputs and reasons are kept; the next update calls Update though nothing changed."""
    return [
        up(lambda: Thing("a", value="1"), change=_half),
        preview(lambda: Thing("a", value="1")),
        up(lambda: Thing("a", value="1")),
    ]


@behaviour("4.27")
def half_done_update() -> list[Move]:
    """The old inputs stay, so that the next update sees the difference again."""

    def break_update(cloud: Recording) -> None:
        cloud.fail("update", "a", InitFailed(id="a-1", properties={"made": "half"}, reasons=["not ready yet"]))

    return [
        up(lambda: Thing("a", value="1")),
        up(lambda: Thing("a", value="2"), change=break_update),
        up(lambda: Thing("a", value="2")),
    ]


@behaviour("4.28")
def failed_update() -> list[Move]:
    """The state is as it was."""
    return [
        up(lambda: Thing("a", value="1")),
        up(lambda: Thing("a", value="2"), change=lambda cloud: cloud.fail("update", "a")),
        up(lambda: Thing("a", value="2")),
    ]


@behaviour("4.28")
def failed_delete() -> list[Move]:
    """The resource stays in the state, and with it what it needs."""

    def program() -> None:
        a = Thing("a", value=1)
        Thing("b", value=a.made)

    return [up(program), up(lambda: None, change=lambda cloud: cloud.fail("delete", "b")), up(lambda: None)]


@behaviour("4.33", unordered=True)
def continue_on_error() -> list[Move]:
    """What does not need the failed one is done; the rest is not."""

    def program() -> None:
        a = Thing("a", value=1)
        b = Thing("b", pulumi.ResourceOptions(depends_on=[a]), value=2)
        Thing("c", value=b.made)
        Thing("d", value=a.made)

    return [
        up(program, "--continue-on-error", change=lambda cloud: cloud.fail("create", "b")),
        up(program),
    ]


@behaviour("4.22")
def check_failure() -> list[Move]:
    """Inputs that the provider does not take make the registration invalid."""
    refusal = CheckReply(inputs={}, failures=[CheckFailure("value", "must be odd")])
    return [
        preview(lambda: Thing("a", value=2), change=lambda cloud: cloud.on("check", "a", lambda _: refusal)),
        up(lambda: Thing("a", value=2), change=lambda cloud: cloud.on("check", "a", lambda _: refusal)),
    ]


@behaviour("2.7, 4.33")
def failing_program() -> list[Move]:
    """What was registered is kept, nothing is deleted, outputs go over the old ones."""

    def program(broken: bool) -> None:
        pulumi.export("x", "2" if broken else "1")
        if broken:
            raise ValueError("a bug in the program")
        Thing("a", value=1)

    return [up(lambda: program(False)), up(lambda: program(True))]
