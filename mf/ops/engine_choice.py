"""Which engine runs a stack: the `pulumi` CLI or the embedded one."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from mf.errors import Unavailable, UsageError
from mf.ops import places, scratch

if TYPE_CHECKING:
    from pulumi.automation import PulumiCommand


class Engine(StrEnum):
    """What MF_ENGINE may say."""

    AUTO = "auto"
    PULUMI = "pulumi"
    EMBEDDED = "embedded"


def wanted() -> Engine:
    """MF_ENGINE, checked."""
    text = os.environ.get("MF_ENGINE", "") or Engine.AUTO
    try:
        return Engine(text)
    except ValueError as exc:
        raise UsageError(f"MF_ENGINE is '{text}'; it can be: {', '.join(Engine)}") from exc


def for_platform() -> Engine:
    """The engine of platform stacks: the CLI where it is installed, else the embedded one."""
    choice = wanted()
    installed = shutil.which("pulumi") is not None
    if choice is Engine.PULUMI and not installed:
        raise Unavailable(
            "MF_ENGINE asks for the pulumi CLI, but there is no `pulumi` on PATH",
            hint="install it, or unset MF_ENGINE to use the embedded engine",
        )
    if choice is Engine.AUTO:
        return Engine.PULUMI if installed else Engine.EMBEDDED
    return choice


def for_workloads() -> Engine:
    """The engine of apps and services: their state lives in Kubernetes, which the CLI has no backend for."""
    if wanted() is Engine.PULUMI:
        raise UsageError(
            "MF_ENGINE=pulumi can't run apps and services: their state is kept in Kubernetes, "
            "and the pulumi CLI has no such backend",
            hint="use MF_ENGINE=auto: the CLI for platform stacks, the embedded engine for apps and services",
        )
    return Engine.EMBEDDED


def command(engine: Engine) -> PulumiCommand:
    """The engine as Automation API takes it."""
    if engine is Engine.PULUMI:
        from pulumi.automation import PulumiCommand  # loading the SDK costs half a second

        return PulumiCommand()
    return _embedded()


def home(engine: Engine) -> str | None:
    """Where the engine notes which stack is selected: nowhere that lasts, as every command here names its stack."""
    return None if engine is Engine.PULUMI else _scratch_home().name


@cache
def _scratch_home() -> tempfile.TemporaryDirectory[str]:
    """Gone with the process; only the plugins are those of the person's own Pulumi."""
    folder = scratch.folder("home")
    usual = Path(os.environ.get("PULUMI_HOME") or places.home() / ".pulumi")
    (Path(folder.name) / "plugins").symlink_to(usual / "plugins")
    return folder


@cache
def _embedded() -> PulumiCommand:
    """One for the whole process: it keeps its connections to clusters."""
    from engine.command.embedded import EmbeddedPulumi

    _offer_providers()
    _keep_log()
    return EmbeddedPulumi()


def run_embedded(arguments: list[str], out: Callable[[str], None], err: Callable[[str], None]) -> int:
    """Run one Pulumi command line on the embedded engine; its exit code."""
    from engine.command.main import main

    _offer_providers()
    _keep_log()
    return main(arguments, Path.cwd(), os.environ, out, err)


def log_file() -> Path:
    """Where the embedded engine's internal errors are kept in full."""
    return places.cache() / "errors" / "engine.log"


class _LateFile(logging.FileHandler):
    """Makes its folder with the first line, as most runs write none."""

    def _open(self) -> TextIOWrapper:
        log_file().parent.mkdir(parents=True, exist_ok=True)
        return super()._open()


def _keep_log() -> None:
    """Internal errors go to a file; the person sees their number and where that file is."""
    logger = logging.getLogger("engine")
    if logger.handlers:
        return
    handler = _LateFile(log_file(), delay=True, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger.addHandler(handler)
    logger.propagate = False


def _offer_providers() -> None:
    """The engine knows none of our providers by itself."""
    from engine.providers import register
    from providers import register_all

    register_all(register)
