"""Log lines of programs, as events."""

from __future__ import annotations

from typing import Final

from engine.deploy.context import Context
from engine.provider_api import Severity

_CLOSED: Final = "Resource monitor has terminated, shutting down"
"""What the SDK says when the update stopped; the reason was told before."""


class ProgramLog:
    """The Engine service's sink."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def log(self, severity: int, message: str, *, urn: str, ephemeral: bool) -> None:
        """Emit one line."""
        if severity == Severity.DEBUG:
            # The SDK writes several of them for each resource.
            return
        if self._context.control.stopping and _CLOSED in message:
            return
        self._context.reporter.log(severity, message, urn=urn, ephemeral=ephemeral)
