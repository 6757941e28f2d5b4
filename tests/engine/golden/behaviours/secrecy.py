"""Behaviours (support file): where secrets come from, and that they stay secret."""

from __future__ import annotations

from dataclasses import replace

import pulumi

from tests.engine.deploy.stage import Thing
from tests.engine.golden.behaviour import Move, behaviour, preview, up
from tests.engine.golden.recorder import Recording

_HIDDEN = "hunter2"


@behaviour("4.26, 5.4")
def secret_input() -> list[Move]:
    """Wrapped on its way to the provider, and in every output that comes of it."""

    def program() -> None:
        a = Thing("a", value=pulumi.Output.secret(_HIDDEN))
        Thing("b", value={"nested": [a.value]})
        pulumi.export("value", a.value)

    return [preview(program), up(program), up(program)]


@behaviour("4.26")
def provider_that_takes_no_secrets() -> list[Move]:
    """It gets plain values; what is secret going in is secret coming out."""

    def plainly(cloud: Recording) -> None:
        cloud.info = replace(cloud.info, accept_secrets=False)

    def program() -> None:
        Thing("a", value=pulumi.Output.secret(_HIDDEN), key="k")

    return [preview(program, change=plainly), up(program, change=plainly), up(program)]


@behaviour("4.26")
def additional_secret_outputs() -> list[Move]:
    """Outputs that the program names are secret."""

    def program() -> None:
        a = Thing("a", pulumi.ResourceOptions(additional_secret_outputs=["made"]), value="x")
        pulumi.export("made", a.made)

    return [preview(program), up(program)]


@behaviour("2.13")
def assets_and_archives() -> list[Move]:
    """Contents reach Check and Create; the state keeps what they are and their hash."""

    def program(text: str) -> None:
        archive = pulumi.AssetArchive({"a.txt": pulumi.StringAsset(text), "b.txt": pulumi.StringAsset("b")})
        Thing("a", value=pulumi.StringAsset(text), key="k", pack=archive)

    return [up(lambda: program("one")), up(lambda: program("two"))]
