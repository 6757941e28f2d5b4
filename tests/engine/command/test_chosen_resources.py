"""Flags that choose what an update touches, and those about creations that were cut off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import engine.providers
from tests.engine.command.conftest import CommandLine
from tests.engine.deploy.cloud import Cloud, CloudProvider

PROGRAM = """
import pulumi

class Thing(pulumi.CustomResource):
    def __init__(self, name, opts=None, **inputs):
        super().__init__("cloud:index:Thing", name, {"made": None, **inputs}, opts)

value = pulumi.Config().get("value") or "1"
base = Thing("base", value=value)
Thing("user", value=base.made)
Thing("kept", value=value, opts=pulumi.ResourceOptions(protect=True))
"""


@pytest.fixture
def cloud() -> Cloud:
    made = Cloud()
    engine.providers.register("cloud", lambda host: CloudProvider(made, host))
    return made


@pytest.fixture
def stack(dev: CommandLine, cloud: Cloud) -> CommandLine:
    """A stack with the program's things in it."""
    (dev.directory / "__main__.py").write_text(PROGRAM)
    assert dev("up", "--yes", "--skip-preview") == 0, dev.text + dev.complaint
    cloud.forget_calls()
    return dev


def urn(name: str) -> str:
    return f"urn:pulumi:dev::shop::cloud:index:Thing::{name}"


def exported(dev: CommandLine) -> Any:
    assert dev("stack", "export") == 0
    return json.loads(dev.text)


def names(dev: CommandLine) -> set[str]:
    resources = exported(dev)["deployment"].get("resources") or ()
    return {one["urn"].rpartition("::")[2] for one in resources if "cloud:index" in one["urn"]}


def test_target_and_exclude_are_told_apart(stack: CommandLine, cloud: Cloud) -> None:
    stack("config", "set", "value", "2")
    assert stack("up", "--yes", "--skip-preview", "-t", urn("kept")) == 0, stack.complaint
    assert cloud.changes() == [("update", "kept")]
    cloud.forget_calls()
    assert stack("up", "--yes", "--skip-preview", "--exclude", urn("user")) == 0, stack.complaint
    assert cloud.changes() == [("update", "base")]
    assert stack("up", "--yes", "--target", "a", "--exclude", "b") != 0
    assert "[exclude target] were all set" in stack.complaint


def test_target_replace_is_a_target_and_a_replacement(stack: CommandLine, cloud: Cloud) -> None:
    stack("config", "set", "value", "2")
    assert stack("up", "--yes", "--skip-preview", "--target-replace", urn("base")) == 0, stack.complaint
    assert cloud.changes() == [("create", "base"), ("delete", "base")]


def test_unknown_target_fails_the_update(stack: CommandLine) -> None:
    assert stack("up", "--yes", "--skip-preview", "--target", urn("nobody")) != 0
    assert "could not be found in the stack" in stack.text + stack.complaint


def test_destroy_leaves_what_is_protected(stack: CommandLine, cloud: Cloud) -> None:
    assert stack("destroy", "--yes", "--skip-preview", "--exclude-protected") == 0, stack.text + stack.complaint
    assert "All unprotected resources were destroyed. There are still 3 protected resources" in stack.text
    assert names(stack) == {"kept"}
    cloud.forget_calls()
    assert stack("destroy", "--yes", "--exclude-protected") == 0
    assert "There were no unprotected resources to destroy." in stack.text
    assert cloud.calls == []
    assert stack("destroy", "--yes", "--exclude-protected", "--target", urn("kept")) != 0
    assert "you cannot specify --target and --exclude-protected" in stack.complaint


def test_previews_of_refresh_and_destroy_change_nothing(stack: CommandLine, cloud: Cloud) -> None:
    before = exported(stack)
    cloud.things.pop(next(key for key in cloud.things if key.startswith("user")))
    assert stack("refresh", "--preview-only") == 0, stack.complaint
    assert stack("destroy", "--preview-only") != 0, "the protected one fails the preview, too"
    assert exported(stack) == before
    assert cloud.changes() == []
    assert stack("refresh", "--yes") == 0, stack.complaint
    assert names(stack) == {"base", "kept"}


def test_refresh_can_run_the_program(stack: CommandLine, cloud: Cloud) -> None:
    assert stack("refresh", "--yes", "--run-program") == 0, stack.text + stack.complaint
    assert names(stack) == {"base", "user", "kept"}
    assert sorted(set(cloud.names("read"))) == ["base", "kept", "user"]


def cut_off(stack: CommandLine) -> str:
    """Let the state say that a resource was being created when its process died."""
    root = Path(stack.environment["PULUMI_BACKEND_URL"].removeprefix("file://"))
    (path,) = root.glob(".pulumi/stacks/shop/dev.json")
    state = json.loads(path.read_text())
    latest = state["checkpoint"]["latest"]
    lost = next(one for one in latest["resources"] if one["urn"] == urn("user"))
    latest["resources"].remove(lost)
    id: str = lost.pop("id")
    lost.pop("outputs")
    latest["pending_operations"] = [{"resource": lost, "type": "creating"}]
    path.write_text(json.dumps(state))
    return id


def test_creation_that_was_cut_off_can_be_taken_over(stack: CommandLine, cloud: Cloud) -> None:
    id = cut_off(stack)
    flags = ("--import-pending-creates", urn("user"), "--import-pending-creates", id)
    assert stack("refresh", "--yes", "--skip-preview", *flags) == 0, stack.text + stack.complaint
    assert names(stack) == {"base", "user", "kept"}
    assert not exported(stack)["deployment"].get("pending_operations")
    cloud.forget_calls()
    assert stack("up", "--yes", "--skip-preview", "--expect-no-changes") == 0, stack.text + stack.complaint


def test_creation_that_was_cut_off_can_be_forgotten_or_left(stack: CommandLine) -> None:
    cut_off(stack)
    assert stack("refresh", "--yes", "--skip-preview", "--skip-pending-creates") == 0, stack.complaint
    assert exported(stack)["deployment"]["pending_operations"]
    assert stack("refresh", "--yes", "--skip-pending-creates", "--clear-pending-creates") != 0
    assert stack("refresh", "--yes", "--skip-preview", "--clear-pending-creates") == 0, stack.complaint
    assert not exported(stack)["deployment"].get("pending_operations")
    assert stack("refresh", "--yes", "--import-pending-creates", "one") != 0
    assert "found an odd number of entries" in stack.complaint
