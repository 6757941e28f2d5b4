"""What came of one provider call."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import EngineError
from engine.state.model import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The state after a provider call; with an error when it only went half way."""

    state: Resource | None
    error: EngineError | None = None
