"""Damaged states, tags, histories and locks: one clear error, never a traceback, and nothing is written."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.backend.file import FileBackend
from engine.deploy.api import StackId
from tests.engine.command.conftest import PASSPHRASE, CommandLine
from tests.engine.command.test_state import ALL, A, state_file, store
from tests.engine.fuzz.damage import damaged_bytes, damaged_trees

EXAMPLES = int(os.environ.get("MF_FUZZ_EXAMPLES", "25"))
READS = (("stack", "output", "--json"), ("stack", "output", "--show-secrets"), ("stack", "export"), ("stack", "ls"))
WRITES = (
    ("state", "repair", "--yes"),
    ("state", "protect", A.urn),
    ("state", "delete", A.urn, "--target-dependents"),
    ("state", "rename", A.urn, "z"),
    ("state", "move", "--dest", "other", A.urn, "--yes"),
    ("stack", "import", "--file", "state.json"),
)
DEPLOYS = (("destroy", "--yes", "--skip-preview"), ("refresh", "--yes", "--skip-preview"))
_fuzz = settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def line(tmp_path_factory, salt):
    folder = tmp_path_factory.mktemp("fuzz")
    project = folder / "project"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    environment = {
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_HOME": str(folder / "home"),
        "MF_ENCRYPTION_SALT": salt,
        "PATH": os.environ.get("PATH", ""),
    }
    line = CommandLine(project, environment)
    for name in ("dev", "other"):
        assert line("stack", "init", name) == 0, line.complaint
    assert line("stack", "select", "dev") == 0
    store(line, salt, *ALL)
    return line


@pytest.fixture(scope="module")
def whole(line) -> bytes:
    return state_file(line).read_bytes()


def told_in_words(line: CommandLine, *argv: str) -> int:
    code = line(*argv)
    assert "internal error" not in line.complaint, argv
    assert "Traceback" not in line.complaint + line.text
    assert code == 0 or "error:" in line.complaint + line.text, argv
    return code


def check(line: CommandLine, data: bytes, command: tuple[str, ...]) -> None:
    path = state_file(line)
    path.write_bytes(data)
    code = told_in_words(line, *command)
    if command in READS or (code != 0 and command in WRITES):
        assert path.read_bytes() == data, command


@_fuzz
@given(data=st.data(), command=st.sampled_from(READS + WRITES + DEPLOYS))
def test_a_state_with_wrong_members_is_told_and_not_written(line, whole, data, command):
    check(line, data.draw(damaged_trees(json.loads(whole))), command)


@_fuzz
@given(data=st.data(), command=st.sampled_from(READS + WRITES + DEPLOYS))
def test_a_state_with_wrong_bytes_is_told_and_not_written(line, whole, data, command):
    check(line, data.draw(damaged_bytes(whole)), command)


@_fuzz
@given(data=st.data())
def test_an_import_of_anything_is_told_and_writes_nothing(line, whole, data):
    tree = {"version": 3, "deployment": json.loads(whole)["checkpoint"]["latest"]}
    state_file(line).write_bytes(whole)
    damaged = data.draw(damaged_trees(tree) | damaged_bytes(json.dumps(tree).encode()))
    (line.directory / "state.json").write_bytes(damaged)
    if told_in_words(line, "stack", "import", "--file", "state.json") != 0:
        assert state_file(line).read_bytes() == whole


@_fuzz
@given(data=st.data())
def test_what_lies_beside_a_state_is_told_too(line, whole, data):
    root = Path(line.environment["PULUMI_BACKEND_URL"].removeprefix("file://")) / ".pulumi"
    state_file(line).write_bytes(whole)
    entry = {"kind": "update", "startTime": 1, "endTime": 2, "result": "succeeded", "config": {"a:b": {"secure": "x"}}}
    FileBackend(line.environment["PULUMI_BACKEND_URL"]).conclude(StackId(project="shop", name="dev"), None, entry)
    lock = root / "locks/organization/shop/dev/x.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    history = max((root / "history/shop/dev").glob("*.history.json"))
    tree = {"pid": 1, "username": "u", "hostname": "h", "timestamp": "2020-01-01T00:00:00Z"}
    edit = (("stack", "export"), ("state", "protect", A.urn))
    targets = (
        (lock, tree, (("state", "protect", A.urn), ("cancel", "--yes"))),
        (history, entry, (("stack", "history", "--json"), ("stack", "history"))),
        (root / "stacks/shop/dev.pulumi-tags", {"version": 1, "tags": {"a": "b"}}, (("stack", "tag", "ls"),)),
        (root / "meta.yaml", {"version": 1}, (("stack", "ls"), ("state", "protect", A.urn))),
        (state_file(line).with_name("dev.json.gz"), tree, (("stack", "ls"), ("state", "protect", A.urn))),
        (state_file(line).with_name("dev.json.journal"), {"base": ""}, edit),
    )
    path, good, commands = data.draw(st.sampled_from(targets))
    before = path.read_bytes() if path.exists() else None
    path.write_bytes(data.draw(damaged_trees(good) | damaged_bytes(json.dumps(good).encode())))
    try:
        for command in commands:
            told_in_words(line, *command)
    finally:
        path.unlink(missing_ok=True)
        if before is not None:
            path.write_bytes(before)
        lock.unlink(missing_ok=True)
