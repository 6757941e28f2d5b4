"""An event about a step: JSON for logs, and the step itself for the display, which knows more kinds of values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.deploy.decide.step import Step


class StepEvent(dict[str, Any]):
    """What `resourcePreEvent`, `resOutputsEvent` and `resOpFailedEvent` are."""

    def __init__(self, tree: Mapping[str, Any], step: Step) -> None:
        super().__init__(tree)
        self.step = step
