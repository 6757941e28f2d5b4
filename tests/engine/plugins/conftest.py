"""Fixtures: plugins in folders of their own, and stages whose programs use them."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.providers import catalogue
from tests.engine.deploy.cloud import Cloud
from tests.engine.deploy.stage import Stage

CLOUDY = Path(__file__).with_name("cloudy.py")


@dataclass
class Workshop:
    """A folder of plugins, and what they noted."""

    folder: Path
    log: Path

    def install(self, name: str, version: str, *command: str) -> Path:
        """Put a plugin into Pulumi's folder; without a command it is the cloudy one."""
        return self.program(self.folder / "plugins" / f"resource-{name}-v{version}", name, *command)

    def program(self, folder: Path, name: str, *command: str) -> Path:
        """A program that runs a command."""
        words = " ".join(f"'{word}'" for word in command or (sys.executable, str(CLOUDY)))
        path = folder / f"pulumi-resource-{name}"
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        path.chmod(0o755)
        return path

    def notes(self) -> list[dict[str, Any]]:
        """What the cloudy plugins were asked, in order."""
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def calls(self) -> list[str]:
        """The names of the calls that came."""
        return [one["call"] for one in self.notes()]

    def alive(self) -> list[int]:
        """Processes of plugins that are left, zombies included."""
        return [pid for pid in {one["pid"] for one in self.notes()} if _exists(pid)]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test registers is nobody else's business."""
    monkeypatch.setattr(catalogue, "_REGISTERED", dict(catalogue._REGISTERED))


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(folder=tmp_path / "home", log=tmp_path / "calls.jsonl")


@pytest.fixture
def stage(workshop: Workshop, tmp_path: Path) -> Stage:
    """An empty stack whose plugins are those of the workshop."""
    environment = {
        "PULUMI_HOME": str(workshop.folder),
        "CLOUDY_LOG": str(workshop.log),
        "MF_PLUGIN_START_SECONDS": "60",
    }
    return Stage(cloud=Cloud(), directory=tmp_path, environment=environment)
