"""A support file: steps and their events, made by hand."""

from __future__ import annotations

from typing import Any

from engine.deploy import events
from engine.deploy.api import Event
from engine.deploy.decide.step import Op, Step
from engine.display.board import Board, Renderer
from engine.display.row import Row
from engine.provider_api import DiffKind, PropertyDiff
from engine.state.model import Resource
from engine.urn import STACK_TYPE

PET = "random:index/randomPet:RandomPet"
ROOT = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"


def resource(name: str = "pet", type: str = PET, **fields: Any) -> Resource:
    """A resource of the stack `dev`."""
    fields = {"custom": True, "parent": ROOT, **fields}
    return Resource(urn=f"urn:pulumi:dev::shop::{type}::{name}", type=type, **fields)


def stack(**outputs: Any) -> Resource:
    """The stack itself."""
    return Resource(urn=ROOT, type=STACK_TYPE, custom=False, outputs=outputs)


def step(op: str, old: Resource | None = None, new: Resource | None = None, **fields: Any) -> Step:
    """A step; of a creation only the new state exists, of a deletion only the old."""
    new = new or (None if op.startswith("delete") else old or resource())
    old = old or (None if op.startswith("create") else resource())
    return Step(op=Op(op), old=old, new=new, **fields)


def changed(*paths: str) -> dict[str, PropertyDiff]:
    """A detailed diff that updates these paths."""
    return {path: PropertyDiff(kind=DiffKind.UPDATE) for path in paths}


def begun(what: Step, *, planning: bool = False) -> Event:
    """The event of a step's begin."""
    return events.before(what, planning=planning)


def ended(what: Step, *, planning: bool = False) -> Event:
    """The event of a step's end."""
    return events.after(what, planning=planning)


def said(text: str, severity: str = "info", urn: str = "", **more: Any) -> Event:
    """A diagnostic."""
    prefix = {} if severity == "info" else {"prefix": f"{severity}: "}
    return {"diagnosticEvent": {"severity": severity, "message": f"{text}\n", "urn": urn, **prefix, **more}}


def summed(*, preview: bool = False, **changes: int) -> Event:
    """A summary."""
    return events.summary(
        {op.replace("_", "-"): count for op, count in changes.items()},
        seconds=75,
        preview=preview,
        succeeded=True,
        corrupt=False,
        packs={},
    )


class Silent(Renderer):
    """Shows nothing."""

    def changed(self, _row: Row) -> None: ...

    def said(self, _text: str) -> None: ...

    def line(self, _text: str) -> None: ...

    def finished(self) -> None: ...


def board(look: Any, *happened: Event) -> Board:
    """A board to which these events happened."""
    made = Board(look, ROOT, Silent())
    for event in happened:
        made.take(event)
    return made
