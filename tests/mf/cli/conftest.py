"""Runs command lines in this process against a cluster in memory (support file)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from mf.cli.main import run
from mf.ops.session import Session
from tests.mf import samples


@dataclass(frozen=True)
class Ran:
    """What a command line left."""

    code: int
    out: str
    err: str


@pytest.fixture
def mf(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """`mf("apps", cluster=[objects])` runs the command line; no terminal is attached."""

    def invoke(*arguments: str, cluster: list[dict[str, Any]] | None = None) -> Ran:
        if cluster is not None:
            monkeypatch.setattr(Session, "kube", samples.session_with(*cluster).kube)
            monkeypatch.setattr(Session, "kubeconfig_path", "/test/kubeconfig")
        code = run(arguments)
        said = capfd.readouterr()
        return Ran(code, said.out, said.err)

    return invoke
