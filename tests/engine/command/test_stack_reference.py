"""Two real stacks of one backend, of which one looks at the other."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pytest
from pulumi import automation as auto

from engine.command import EmbeddedPulumi
from tests.engine.command.conftest import PASSPHRASE, CommandLine


def _stack(project: str, program, state: Path, **environment: str) -> auto.Stack:
    known = {"PULUMI_BACKEND_URL": f"file://{state}", "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE}
    options = auto.LocalWorkspaceOptions(
        pulumi_command=EmbeddedPulumi(),
        env_vars={**known, "PULUMI_HOME": str(state / "home"), **environment},
    )
    return auto.create_or_select_stack("dev", project_name=project, program=program, opts=options)


def _shop() -> None:
    pulumi.export("url", "http://shop")
    pulumi.export("token", pulumi.Output.secret("hunter2"))


def _user() -> None:
    shop = pulumi.StackReference("organization/shop/dev")
    pulumi.export("url", shop.get_output("url"))
    pulumi.export("token", shop.get_output("token"))


@pytest.fixture
def shop(tmp_path: Path, salt: str) -> None:
    (tmp_path / "home").mkdir()
    _stack("shop", _shop, tmp_path, MF_ENCRYPTION_SALT=salt).up()


def test_outputs_come_over_and_secrets_never_rest_in_the_open(shop: None, tmp_path: Path, salt: str) -> None:
    outputs = _stack("user", _user, tmp_path, MF_ENCRYPTION_SALT=salt).up().outputs
    assert outputs["url"].value == "http://shop"
    assert (outputs["token"].value, outputs["token"].secret) == ("hunter2", True)
    files = [path for path in tmp_path.rglob("*.json*") if path.is_file()]
    assert files
    assert not [path for path in files if b"hunter2" in path.read_bytes()]


def test_stack_that_is_not_there_fails_with_pulumis_words(dev: CommandLine) -> None:
    (dev.directory / "__main__.py").write_text("import pulumi\npulumi.StackReference('organization/none/dev')\n")
    assert dev("up", "--yes", "--skip-preview") == 1
    assert 'unknown stack "organization/none/dev"' in dev.text + dev.complaint


def test_secrets_of_another_passphrase_are_left_out(shop: None, tmp_path: Path) -> None:
    lines: list[str] = []
    stack = _stack("user", _user, tmp_path, PULUMI_CONFIG_PASSPHRASE="other")
    outputs = stack.up(on_output=lines.append).outputs
    assert outputs["url"].value == "http://shop"
    assert outputs["token"].value == {}
    assert "eliding undecryptable secrets for stack reference 'organization/shop/dev'" in "\n".join(lines)
