"""Damaged projects, stack settings and workspaces: one clear error, never a traceback, and nothing is written."""

from __future__ import annotations

import os

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.command.conftest import PASSPHRASE, CommandLine
from tests.engine.fuzz.damage import damaged_bytes, damaged_trees

EXAMPLES = int(os.environ.get("MF_FUZZ_EXAMPLES", "25"))
PROJECT = {
    "name": "shop",
    "runtime": {"name": "python", "options": {"virtualenv": "v"}},
    "main": "src",
    "stackConfigDir": "",
    "backend": {"url": ""},
    "config": {"a": {"type": "string", "default": "x"}, "b": {"value": 1}, "c": 2},
    "plugins": {"providers": [{"name": "x", "path": "y"}]},
}
COMMANDS = (
    ("config",),
    ("config", "--json", "--show-secrets"),
    ("config", "get", "a"),
    ("stack", "output", "--show-secrets"),
    ("stack", "ls"),
    ("stack", "change-secrets-provider", "passphrase"),
    ("config", "set", "a", "b"),
    ("config", "set", "t.x[0]", "b", "--path", "--secret"),
    ("config", "rm", "a"),
    ("preview",),
)
READS = COMMANDS[:5]
_fuzz = settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def line(tmp_path_factory, salt):
    folder = tmp_path_factory.mktemp("settings")
    project = folder / "project"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    environment = {
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_HOME": str(folder / "home"),
        "MF_ENCRYPTION_SALT": salt,
        "PULUMI_STACK": "dev",
        "PATH": os.environ.get("PATH", ""),
    }
    line = CommandLine(project, environment)
    assert line("stack", "init", "dev") == 0, line.complaint
    assert line("config", "set", "secret", "s", "--secret") == 0
    assert line("config", "set", "t.x[0]", "1", "--path") == 0
    line.input = f"{PASSPHRASE}\n"
    return line


def check(line: CommandLine, name: str, data: bytes, command: tuple[str, ...]) -> None:
    path = line.directory / name
    good = path.read_bytes()
    path.write_bytes(data)
    try:
        code = line(*command)
        assert "internal error" not in line.complaint, command
        assert "Traceback" not in line.complaint + line.text
        assert code == 0 or "error:" in line.complaint + line.text, command
        if code != 0 or command in READS:
            assert path.read_bytes() == data
    finally:
        for other in line.directory.glob("Pulumi.*"):
            if other.name not in ("Pulumi.yaml", "Pulumi.dev.yaml"):
                other.unlink()
        path.write_bytes(good)


def _damaged(tree: object) -> st.SearchStrategy[bytes]:
    # JSON is YAML too, but for what JSON's own reader takes beyond it.
    return damaged_trees(tree) | damaged_bytes(yaml.safe_dump(tree).encode())


@_fuzz
@given(data=st.data(), command=st.sampled_from(COMMANDS))
def test_a_damaged_project_is_told(line, data, command):
    check(line, "Pulumi.yaml", data.draw(_damaged(PROJECT)), command)


@_fuzz
@given(data=st.data(), command=st.sampled_from(COMMANDS))
def test_damaged_settings_are_told(line, data, command):
    tree = yaml.safe_load((line.directory / "Pulumi.dev.yaml").read_text())
    check(line, "Pulumi.dev.yaml", data.draw(_damaged(tree)), command)
