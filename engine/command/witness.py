"""Remembers a preview's steps for the question that follows it."""

from __future__ import annotations

from engine.deploy.api import Event
from engine.deploy.step_event import StepEvent


class Witness:
    """A listener that keeps the steps and shows nothing."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def take(self, event: Event) -> None:
        """Keep a step."""
        if isinstance(event, StepEvent):
            self.events.append(event)

    def close(self) -> None:
        """Nothing to let go of."""
