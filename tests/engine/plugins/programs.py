"""A support file: programs that use the cloudy plugin."""

from __future__ import annotations

from typing import Any

import pulumi


class Cloudy(pulumi.CustomResource):
    """A resource of the cloudy plugin."""

    made: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **inputs: Any) -> None:
        super().__init__("cloudy:index:Thing", name, {"made": None, "value": None, **inputs}, opts)


def one(value: Any = "x", **inputs: Any) -> Any:
    """A program with one resource; a callable value is made where the program runs."""

    def program() -> None:
        made = Cloudy("thing", value=value() if callable(value) else value, **inputs)
        pulumi.export("made", made.made)

    return program
