"""A project, a backend and a command line in a temporary folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.backend.choose import open_backend
from engine.command.main import execute
from engine.command.session import Session
from engine.secrets import Passphrase

PASSPHRASE = "correct horse"


@pytest.fixture(scope="session")
def salt() -> str:
    """One salt for all tests, so that the key is derived once."""
    return Passphrase.create(lambda: PASSPHRASE).salt


class CommandLine:
    """Runs commands and keeps what they wrote (support class)."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        self.directory = directory
        self.environment = environment
        self.out: list[str] = []
        self.err: list[str] = []
        self.input = ""

    def __call__(self, *argv: str) -> int:
        self.out.clear()
        self.err.clear()
        session = Session(
            directory=self.directory,
            environment=self.environment,
            out=self.out.append,
            err=self.err.append,
            open_backend=open_backend,
            read_input=lambda: self.input,
        )
        return execute(argv, session)

    @property
    def text(self) -> str:
        return "\n".join(self.out)

    @property
    def complaint(self) -> str:
        return "\n".join(self.err)


@pytest.fixture
def pulumi(tmp_path: Path, salt: str) -> CommandLine:
    """Commands in a fresh project without a stack."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    environment = {
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_HOME": str(tmp_path / "home"),
        "MF_ENCRYPTION_SALT": salt,
        "PATH": os.environ.get("PATH", ""),
    }
    return CommandLine(project, environment)


@pytest.fixture
def dev(pulumi: CommandLine) -> CommandLine:
    """Commands in a project whose stack `dev` is selected."""
    assert pulumi("stack", "init", "dev") == 0, pulumi.complaint
    return pulumi
