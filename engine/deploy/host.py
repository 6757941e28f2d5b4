"""What providers may ask of the engine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from engine.deploy.control import Control
from engine.deploy.reporter import Reporter
from engine.provider_api import Severity


class UpdateHost:
    """The Host of all providers of one update."""

    def __init__(
        self, directory: Path, reporter: Reporter, control: Control, environment: Mapping[str, str] | None = None
    ) -> None:
        self._directory = str(directory)
        self._environment = environment or os.environ
        self._reporter = reporter
        self._control = control

    @property
    def directory(self) -> str:
        """The program's working directory."""
        return self._directory

    @property
    def environment(self) -> Mapping[str, str]:
        """The run's environment variables."""
        return self._environment

    def log(self, severity: Severity, message: str, *, urn: str = "", ephemeral: bool = False) -> None:
        """Show a line to the user."""
        self._reporter.log(severity, message, urn=urn, ephemeral=ephemeral)

    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return self._control.cancelled
