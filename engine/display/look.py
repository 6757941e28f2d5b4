"""What the flags say about the display."""

from __future__ import annotations

from dataclasses import dataclass

from engine.display.colour import Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How an update is shown."""

    title: str = "Updating"
    colour: Colour = Colour.NEVER
    preview: bool = False
    refresh: bool = False
    terminal: bool = False
    """Whether what was written can be written over."""

    diff: bool = False
    json: bool = False
    debug: bool = False
    config: bool = False
    sames: bool = False
    reads: bool = False
    replacement_steps: bool = False
    full_output: bool = False
    secrets: bool = False
    urns: bool = False
    outputs: bool = True
    progress: bool = True
    timings: bool = True
