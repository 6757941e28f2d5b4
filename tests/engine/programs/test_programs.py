"""Each program of this folder comes to the state and outputs that are written beside it, and then to rest."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

import engine.providers
from engine.command import EmbeddedPulumi
from engine.secrets import Passphrase
from providers import register_all
from tests.engine.deploy.cloud import Cloud, CloudProvider

HERE = Path(__file__).parent
PROGRAMS = sorted(path.parent.name for path in HERE.glob("*/__main__.py"))
PASSPHRASE = "correct horse"
CONFIG = {"name": "n", "count": "3", "on": "true", "ratio": "0.5", "other:key": "v"}


@pytest.fixture(scope="module")
def salt() -> str:
    """One salt, so that the key is derived once."""
    return Passphrase.create(lambda: PASSPHRASE).salt


class Project:
    """A copy of a program with a stack."""

    def __init__(self, name: str, folder: Path, salt: str) -> None:
        self.root = folder / "project"
        shutil.copytree(HERE / name, self.root, ignore=shutil.ignore_patterns("expected.json", "__pycache__"))
        (self.root / "Pulumi.yaml").write_text("name: demo\nruntime: python\n", encoding="utf-8")
        (folder / "state").mkdir()
        self.state = folder / "state/.pulumi/stacks/demo/dev.json"
        self.environment = {
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "MF_ENCRYPTION_SALT": salt,
            "PATH": os.environ["PATH"],
        }

    def __call__(self, *argv: str) -> str:
        words = [*argv] if argv[:2] == ("stack", "init") else [*argv, "--stack", "dev"]
        return EmbeddedPulumi().run(words, str(self.root), self.environment).stdout


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_comes_to_what_is_written_beside_it_and_then_to_rest(name: str, tmp_path: Path, salt: str) -> None:
    cloud = Cloud()
    register_all(engine.providers.register)
    engine.providers.register("cloud", lambda host: CloudProvider(cloud, host))
    project = Project(name, tmp_path, salt)
    project("stack", "init", "dev")
    if name == "configuration":
        _configure(project)
    project("up", "--yes", "--skip-preview")
    assert _found(project) == json.loads((HERE / name / "expected.json").read_text(encoding="utf-8"))
    assert "hunter2" not in project.state.read_text(encoding="utf-8")
    project("up", "--yes", "--skip-preview", "--expect-no-changes")
    project("destroy", "--yes", "--skip-preview")
    assert "resources" not in json.loads(project("stack", "export"))["deployment"]


def _configure(project: Project) -> None:
    for key, value in CONFIG.items():
        project("config", "set", key, value)
    project("config", "set", "--path", "tree.list[0]", "1")
    project("config", "set", "--secret", "password", "hunter2")


def _found(project: Project) -> dict[str, Any]:
    deployment = json.loads(project("stack", "export"))["deployment"]
    outputs = json.loads(project("stack", "output", "--json"))
    return {"outputs": outputs, "resources": sorted(_told(one) for one in deployment["resources"])}


def _told(one: dict[str, Any]) -> str:
    kept = ("protect", "retainOnDelete", "ignoreChanges", "replaceOnChanges", "customTimeouts", "deletedWith")
    options = {key: one[key] for key in (*kept, "additionalSecretOutputs", "aliases") if key in one}
    return f"{one['urn'].partition('::demo::')[2]} {json.dumps(options, sort_keys=True)}"
