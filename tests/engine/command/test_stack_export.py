"""Exports of earlier states, imports that clear pending operations, outputs for shells, graphs."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace

from engine.backend.file import FileBackend
from engine.deploy.api import StackId
from engine.state.model import PendingOperation
from tests.engine.command.test_stack import fill
from tests.engine.command.test_state import ALL, HEAD, ROOT, A, B, state_file, store, stored

STACK = StackId(project="shop", name="dev")


def test_earlier_states_can_be_exported(dev, salt):
    backend = FileBackend(dev.environment["PULUMI_BACKEND_URL"])
    for number in range(1, 4):
        store(dev, salt, *ALL[:number])
        backend.conclude(STACK, None, {})
    for number in range(1, 4):
        assert dev("stack", "export", "--version", str(number)) == 0, dev.complaint
        assert len(json.loads(dev.text)["deployment"]["resources"]) == number
    for wrong in ("0", "4", "x"):
        assert dev("stack", "export", "--version", wrong) == 1
    assert "--version is 'x'" in dev.complaint


def test_an_import_clears_pending_operations_and_says_so(dev, salt):
    store(dev, salt, *ALL, pending=(PendingOperation(resource=replace(A, id=""), type="creating"),))
    dev("stack", "export", "--file", "state.json")
    assert dev("stack", "import", "--file", "state.json") == 0, dev.complaint
    assert f"removing pending operation 'creating' on '{A.urn}' from snapshot" in dev.complaint
    assert "pending_operations" not in json.loads(state_file(dev).read_text())["checkpoint"]["latest"]
    assert len(stored(dev)) == len(ALL)


def test_a_broken_import_is_refused_and_changes_nothing(dev, salt):
    store(dev, salt, ROOT, B)
    dev("stack", "export", "--file", "state.json")
    before = state_file(dev).read_bytes()
    assert dev("stack", "import", "--file", "state.json") == 1
    assert "state file contains errors: " in dev.complaint
    assert dev("stack", "import", "--file", "lost.json") == 1
    assert "could not open file" in dev.complaint
    assert state_file(dev).read_bytes() == before
    assert dev("stack", "import", "--file", "state.json", "--force") == 0


def test_features_and_unknown_keys_survive_export_and_import(dev, salt):
    store(dev, salt, ROOT, *ALL[1:3])
    assert dev("state", "taint", A.urn) == 0
    tree = json.loads(state_file(dev).read_text())
    tree["checkpoint"]["latest"]["future"] = {"x": 1}
    state_file(dev).write_text(json.dumps(tree))
    assert dev("stack", "export") == 0
    exported = json.loads(dev.text)
    assert (exported["version"], exported["features"]) == (4, ["taint"])
    dev.input = dev.text
    assert dev("stack", "import") == 0, dev.complaint
    latest = json.loads(state_file(dev).read_text())["checkpoint"]["latest"]
    assert latest["future"] == {"x": 1}
    assert latest["resources"][2]["future"] == [1]


def test_a_stack_that_pulumi_just_made_has_no_version_yet(dev):
    state_file(dev).write_text('{"version":0,"checkpoint":{"stack":"organization/shop/dev"}}')
    assert dev("stack", "output") == 0, dev.complaint
    assert dev("stack", "export") == 0, dev.complaint


def test_a_newer_version_is_refused_by_name(dev):
    tree = json.loads(state_file(dev).read_text())
    for change, words in (
        ({"version": 5}, "has version 5, newer than what this engine understands"),
        ({"version": 2}, "has version 2, not one that this engine understands"),
        ({"version": 4, "features": ["quantum"]}, "features that are not supported by this engine: quantum"),
    ):
        state_file(dev).write_text(json.dumps({**tree, **change}))
        for command in (["stack", "output"], ["stack", "export"], ["state", "repair"]):
            assert dev(*command) == 1
            assert words in dev.complaint


def test_outputs_are_quoted_for_shells(dev, salt):
    fill(dev, salt)
    assert dev("stack", "output", "--shell") == 0
    script = "\n".join([*dev.out, 'printf "%s|" "$url" "$pw" "$tree"'])
    told = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout
    assert told == 'http://x|[secret]|{"a":[1,{"b":"[secret]"}]}|'
    assert dev("stack", "output", "url", "--shell") == 0
    assert dev.text == "url=http://x"
    assert dev("stack", "output", "--shell", "--json") == 1
    assert "only one of --json and --shell may be set" in dev.complaint


def test_a_graph_is_written(dev, salt):
    store(dev, salt, *ALL)
    assert dev("stack", "graph", "g.dot", "--short-node-name") == 0, dev.complaint
    assert dev.text == "Wrote stack dependency graph to `g.dot`"
    text = (dev.directory / "g.dot").read_text()
    assert 'Resource2 -> Resource3 [color="#246C60", label="x"];' in text
    assert 'Resource2 -> Resource0 [color="#AA6639"];' in text
    assert HEAD not in text
    assert dev("stack", "graph", "g.dot", "--ignore-parent-edges", "--ignore-dependency-edges") == 0
    assert "->" not in (dev.directory / "g.dot").read_text().replace("label", "")
