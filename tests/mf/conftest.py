"""Fixtures of the tests of mf (support file): a home of its own, and stacks that are recorded instead of run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from components.app_spec import AppSpec
from mf.ops import app_stack, stacks
from mf.ops.session import Session


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the person's files."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("KUBECONFIG", "MF_ENGINE", "MF_CACHE", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    return home


class Recorder:
    """What was deployed and destroyed, in order; `absent` names stacks that are not there."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str, str]] = []
        self.specs: list[AppSpec] = []
        self.absent: set[str] = set()

    def deploy(self, session: Session, spec: AppSpec, *, anew: Callable[[], AppSpec] | None = None) -> stacks.Deployed:
        self.specs.append(anew() if anew else spec)
        self.done.append(("up", "app", spec.name))
        return stacks.Deployed(outputs={}, changes={}, seconds=0)

    def up(self, stack: stacks.MicroStack, program: Callable[[], None]) -> stacks.Deployed:
        self.done.append(("up", stack.project, stack.name))
        return stacks.Deployed(outputs={}, changes={}, seconds=0)

    def destroy(self, stack: stacks.MicroStack) -> bool:
        self.done.append(("destroy", stack.project, stack.name))
        return stack.name not in self.absent


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Micro-stacks are noted down, not run."""
    made = Recorder()
    monkeypatch.setattr(app_stack, "deploy", made.deploy)
    monkeypatch.setattr(stacks, "up", made.up)
    monkeypatch.setattr(stacks, "destroy", made.destroy)
    return made
