"""The adapter beneath Automation API: a PulumiCommand that runs Pulumi's commands in this process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pulumi.automation import CommandResult, PulumiCommand
from pulumi.automation.errors import create_command_error
from semver import VersionInfo

from engine.backend.api import Backend
from engine.backend.choose import open_backend
from engine.command.main import execute
from engine.command.session import Session
from engine.errors import UsageError
from engine.state.serialise import ENGINE_VERSION

OnOutput = Callable[[str], Any]


class EmbeddedPulumi(PulumiCommand):
    """`LocalWorkspace(pulumi_command=EmbeddedPulumi())` deploys without Pulumi's program. Safe to share by threads."""

    def __init__(self) -> None:  # the base class looks for a program to run, and there is none
        self.command = "pulumi"
        self.version = VersionInfo.parse(ENGINE_VERSION.removeprefix("v"))
        self._backends: dict[tuple[Any, ...], Backend] = {}
        self._lock = threading.Lock()

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: OnOutput | None = None,
        on_error: OnOutput | None = None,
    ) -> CommandResult:
        """Run one command; a failed one raises the CommandError that its text calls for."""
        lines: list[str] = []
        complaints: list[str] = []
        session = Session(
            directory=Path(cwd),
            environment={**os.environ, **additional_env, "PULUMI_AUTOMATION_API": "true"},
            out=_collector(lines, on_output),
            err=_collector(complaints, on_error),
            open_backend=self._open,
            read_input=_no_input,
        )
        code = execute(args, session)
        result = CommandResult(stdout="\n".join(lines), stderr="\n".join(complaints), code=code)
        if code != 0:
            raise create_command_error(result)
        return result

    def _open(self, url: str, environment: Mapping[str, str], directory: Path) -> Backend:
        # Kept from run to run: a cluster's connection is worth more than the request that follows.
        index = (url, *_identity(url, environment, directory))
        with self._lock:
            if index not in self._backends:
                self._backends[index] = open_backend(url, environment, directory)
            return self._backends[index]


def _identity(url: str, environment: Mapping[str, str], directory: Path) -> tuple[Any, ...]:
    """What else decides which backend a URL means."""
    if not url.startswith("kubernetes:"):
        return (directory, environment.get("HOME"))
    kubeconfig = environment.get("KUBECONFIG", "")
    file = Path(kubeconfig or Path.home() / ".kube" / "config")
    changed = file.stat().st_mtime_ns if file.is_file() else 0
    return (kubeconfig, changed, environment.get("MF_KUBE_CONTEXT"))


def _collector(lines: list[str], tell: OnOutput | None) -> Callable[[str], None]:
    def collect(line: str) -> None:
        lines.append(line)
        if tell is not None:
            tell(line)

    return collect


def _no_input() -> str:
    raise UsageError("a value is missing, and nobody can be asked for it", hint="give it as an argument")
