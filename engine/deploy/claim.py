"""Find the old state of a resource that the program registers or reads."""

from __future__ import annotations

from engine.deploy.context import Context
from engine.deploy.decide.alias import former_urns
from engine.state.model import Resource
from engine.wire.registration import Alias


def claim(context: Context, urn: str, parent: str, aliases: tuple[Alias, ...] = ()) -> Resource | None:
    """The old resource under this or a former name, which everything that refers to it follows."""
    olds = context.olds
    original = olds.claim(urn, former_urns(urn, parent, aliases, olds.former.get(parent, "")))
    if urn in olds.former:
        context.snapshot.rename(olds.former[urn], urn)
    return original
