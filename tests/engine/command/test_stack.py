"""Stacks: make, choose, list, remove, export, import."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.backend.file import FileBackend
from engine.deploy.api import StackId
from engine.secrets import Passphrase
from engine.state.model import Deployment, Resource
from engine.state.serialise import StateCodec, wrap_checkpoint
from engine.values import Secret
from tests.engine.command.conftest import PASSPHRASE, CommandLine

ENTRY = {"kind": "update", "startTime": 1, "endTime": 2, "message": "", "environment": {}, "result": "succeeded"}
STACK = StackId(project="shop", name="dev")


def fill(line: CommandLine, salt: str) -> None:
    """Put a stack with outputs in place, as an update would."""
    root = Resource(
        urn="urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
        type="pulumi:pulumi:Stack",
        custom=False,
        outputs={"url": "http://x", "pw": Secret("hunter2"), "tree": {"a": [1, {"b": Secret("deep")}]}},
    )
    codec = StateCodec(Passphrase(lambda: PASSPHRASE, salt))
    backend = FileBackend(line.environment["PULUMI_BACKEND_URL"])
    backend.write(STACK, wrap_checkpoint("organization/shop/dev", codec.dump(Deployment(resources=(root,)))))


def state_file(line: CommandLine, name: str = "dev") -> Path:
    return Path(line.environment["PULUMI_BACKEND_URL"].removeprefix("file://")) / f".pulumi/stacks/shop/{name}.json"


def test_a_new_stack_is_selected_and_carries_the_salt(dev, salt):
    assert json.loads(state_file(dev).read_text())["checkpoint"]["latest"]["secrets_providers"]["state"]["salt"] == salt
    assert (dev.directory / "Pulumi.dev.yaml").read_text() == f"encryptionsalt: {salt}\n"
    assert dev("stack", "ls", "--json") == 0
    assert json.loads(dev.text) == [{"name": "dev", "current": True, "updateInProgress": False, "resourceCount": 0}]


def test_errors_are_in_the_words_that_automation_looks_for(dev):
    assert dev("stack", "init", "dev") == 1
    assert "stack 'organization/shop/dev' already exists" in dev.complaint
    assert dev("stack", "select", "--stack", "qa") == 6
    assert "no stack named 'qa' found" in dev.complaint


@pytest.mark.parametrize("name", ["a b", "other/shop/dev", "a/b/c/d", "", "x" * 101])
def test_a_name_that_no_stack_can_have_is_refused(pulumi, name):
    assert pulumi("stack", "init", name) == 1
    assert "stack" in pulumi.complaint


def test_selecting_can_create(pulumi):
    assert pulumi("stack", "select", "qa", "--create") == 0
    assert pulumi("stack", "--show-name") == 0
    assert pulumi.text == "qa"


def test_without_a_selected_stack_one_is_asked_for(dev):
    dev("stack", "unselect")
    assert dev("stack", "output") == 1
    assert "no stack selected" in dev.complaint


def test_outputs_are_masked_unless_asked_for(dev, salt):
    fill(dev, salt)
    assert dev("stack", "output", "--json") == 0
    assert json.loads(dev.text) == {"pw": "[secret]", "tree": {"a": [1, {"b": "[secret]"}]}, "url": "http://x"}
    assert dev("stack", "output", "--json", "--show-secrets") == 0
    assert json.loads(dev.text) == {"pw": "hunter2", "tree": {"a": [1, {"b": "deep"}]}, "url": "http://x"}
    assert dev("stack", "output", "url") == 0
    assert dev.text == "http://x"
    assert dev("stack", "output", "nope") == 1


def test_masked_outputs_need_no_passphrase(dev, salt):
    fill(dev, salt)
    del dev.environment["PULUMI_CONFIG_PASSPHRASE"]
    assert dev("stack", "output") == 0
    assert dev("stack", "output", "--show-secrets") == 1
    assert "passphrase must be set" in dev.complaint


def test_a_wrong_passphrase_is_told_and_changes_nothing(dev, salt):
    fill(dev, salt)
    before = state_file(dev).read_text()
    dev.environment["PULUMI_CONFIG_PASSPHRASE"] = "wrong"
    assert dev("stack", "export", "--show-secrets") == 1
    assert "incorrect passphrase" in dev.complaint
    assert state_file(dev).read_text() == before


def test_an_export_hides_secrets_and_can_be_imported(dev, salt):
    fill(dev, salt)
    assert dev("stack", "export") == 0
    assert "hunter2" not in dev.text
    dev.input = dev.text
    assert dev("stack", "import") == 0, dev.complaint
    assert dev("stack", "output", "pw", "--show-secrets") == 0
    assert dev.text == "hunter2"


def test_a_plain_export_is_encrypted_again_when_imported(dev, salt):
    fill(dev, salt)
    assert dev("stack", "export", "--show-secrets", "--file", "plain.json") == 0
    assert "hunter2" in (dev.directory / "plain.json").read_text()
    assert dev("stack", "import", "--file", "plain.json") == 0
    assert "hunter2" not in state_file(dev).read_text()
    assert dev("stack", "history", "--json") == 0
    assert json.loads(dev.text) == []


def test_a_state_of_another_stack_is_not_imported_by_accident(dev, salt):
    fill(dev, salt)
    dev("stack", "export", "--file", "state.json")
    dev("stack", "init", "qa")
    assert dev("stack", "import", "--file", "state.json") == 1
    assert "is from a different stack (dev != qa)" in dev.complaint
    assert "importing this file could be dangerous; rerun with --force to proceed anyway" in dev.complaint
    assert dev("stack", "import", "--file", "state.json", "--force") == 0
    assert "warning: resource" in dev.complaint
    text = (dev.directory / "state.json").read_text().replace("::shop::", "::mall::")
    dev.input = text
    assert dev("stack", "import", "--stack", "dev") == 1
    assert "is from a different project (mall != shop)" in dev.complaint


def test_a_renamed_stack_keeps_its_settings_history_and_tags(dev, salt):
    fill(dev, salt)
    FileBackend(dev.environment["PULUMI_BACKEND_URL"]).conclude(STACK, None, ENTRY)
    dev("stack", "tag", "set", "team", "blue")
    assert dev("stack", "rename", "prod") == 0, dev.complaint
    assert dev.text == "Renamed dev to prod"
    assert (dev.directory / "Pulumi.prod.yaml").exists()
    assert dev("stack", "output", "pw", "--show-secrets") == 0, dev.complaint
    assert dev.text == "hunter2"
    assert "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod" in state_file(dev, "prod").read_text()
    assert dev("stack", "tag", "get", "team") == 0
    assert dev("stack", "history", "--json") == 0
    assert len(json.loads(dev.text)) == 1
    assert dev("stack", "rename", "organization/mall/prod") == 0, dev.complaint
    assert dev.text == "Renamed prod to organization/mall/prod"


def test_a_stack_with_resources_is_only_removed_by_force(dev, salt):
    fill(dev, salt)
    assert dev("stack", "rm", "--yes") == 1
    assert "'dev' still has resources" in dev.complaint
    assert dev("stack", "rm", "--yes", "--force") == 0
    assert not state_file(dev).exists()
    assert not (dev.directory / "Pulumi.dev.yaml").exists()


def test_removal_is_confirmed_where_nobody_can_be_asked(dev):
    assert dev("stack", "rm") == 1
    assert "non-interactive mode requires --yes flag" in dev.complaint


def test_tags_are_kept(dev):
    assert dev("stack", "tag", "set", "team", "blue") == 0
    assert dev("stack", "tag", "ls", "--json") == 0
    assert json.loads(dev.text) == {"team": "blue"}
    dev("stack", "tag", "rm", "team")
    assert dev("stack", "tag", "get", "team") == 1
