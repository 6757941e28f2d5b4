"""PULUMI_SKIP_CHECKPOINTS: nothing is stored before the update is over."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi import automation as auto

import engine.providers
from engine.backend.file import FileBackend
from engine.command import EmbeddedPulumi
from tests.engine.command.conftest import PASSPHRASE
from tests.engine.deploy.cloud import Cloud, CloudProvider
from tests.engine.deploy.stage import Thing, void


@pytest.mark.parametrize(("switch", "writes"), [("0", True), ("1", False)])
def test_states_under_way_are_stored_unless_the_user_does_without(tmp_path, salt, monkeypatch, switch, writes) -> None:
    stored: list[str] = []
    original = FileBackend.write
    cloud = Cloud()
    engine.providers.register("cloud", lambda host: CloudProvider(cloud, host))

    def write(self: FileBackend, stack: Any, text: str) -> None:
        stored.append(text)
        original(self, stack, text)

    monkeypatch.setattr(FileBackend, "write", write)
    environment = {
        "PULUMI_BACKEND_URL": tmp_path.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "MF_ENCRYPTION_SALT": salt,
        "PULUMI_SKIP_CHECKPOINTS": switch,
    }
    options = auto.LocalWorkspaceOptions(pulumi_command=EmbeddedPulumi(), env_vars=environment)
    stack = auto.create_or_select_stack("dev", "shop", lambda: void(Thing("a")), opts=options)
    stack.up()
    assert bool(stored) is writes
    kept = dict(stack.export_stack().deployment or {})["resources"]
    assert any(one["urn"].endswith("::a") for one in kept)
