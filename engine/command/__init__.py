"""The commands of the pulumi program that Automation API and people use, run in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.command.embedded import EmbeddedPulumi

__all__ = ["EmbeddedPulumi"]


def __getattr__(name: str) -> Any:
    # The adapter needs the SDK, which takes longer to import than most commands take to run.
    if name == "EmbeddedPulumi":
        from engine.command.embedded import EmbeddedPulumi

        return EmbeddedPulumi
    raise AttributeError(name)
