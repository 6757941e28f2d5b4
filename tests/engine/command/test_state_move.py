"""`pulumi state move`: resources from one stack into another."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine.backend.file import FileBackend
from tests.engine.command.conftest import PASSPHRASE
from tests.engine.command.test_state import ALL, GROUP, PROVIDER, ROOT, USER, A, B, state_file, store, stored

NEW = "urn:pulumi:qa::shop::"


@pytest.fixture
def pair(dev, salt):
    """A full stack dev and an empty one, qa, with a salt of its own."""
    store(dev, salt, *ALL)
    dev.environment.pop("MF_ENCRYPTION_SALT")
    assert dev("stack", "init", "qa", "--no-select") == 0, dev.complaint
    return dev


def test_a_component_moves_with_its_children_and_a_copy_of_the_provider(pair):
    assert pair("state", "move", "--dest", "qa", GROUP.urn, "--yes") == 0, pair.complaint
    assert "Successfully moved resources from organization/shop/dev to organization/shop/qa" in pair.text
    assert f"  - {USER.urn} has a dependency on {ALL[5].urn}" in pair.text
    assert f"  - {USER.urn} is marked as deleted with {ALL[5].urn}" in pair.text
    moved = stored(pair, "qa")
    assert [item["urn"] for item in moved] == [
        f"{NEW}pulumi:pulumi:Stack::shop-qa",
        f"{NEW}pulumi:providers:p::mine",
        f"{NEW}p:m:Group::g",
        f"{NEW}p:m:Group$p:m:Thing::inner",
    ]
    assert moved[3]["provider"] == f"{NEW}pulumi:providers:p::mine::uuid"
    assert moved[2]["parent"] == moved[1]["parent"] == moved[0]["urn"]
    left = {item["urn"]: item for item in stored(pair)}
    assert list(left) == [ROOT.urn, PROVIDER.urn, A.urn, B.urn, USER.urn]
    assert not {"dependencies", "deletedWith", "replaceWith"} & left[USER.urn].keys()


def test_secrets_are_encrypted_for_the_new_stack(pair):
    assert pair("state", "move", "--dest", "qa", A.urn, B.urn, "--yes") == 0, pair.complaint
    assert "hunter2" not in state_file(pair, "qa").read_text()
    assert pair("stack", "export", "--show-secrets", "--stack", "qa") == 0, pair.complaint
    assert "hunter2" in pair.text
    moved = {item["urn"]: item for item in stored(pair, "qa")}
    assert moved[f"{NEW}p:m:Thing::b"]["dependencies"] == [f"{NEW}p:m:Thing::a"]


def test_moving_more_later_finds_the_provider_there(pair):
    assert pair("state", "move", "--dest", "qa", A.urn, B.urn, "--yes") == 0, pair.complaint
    assert pair("state", "move", "--dest", "qa", USER.urn, "--yes") == 0, pair.complaint
    urns = [item["urn"] for item in stored(pair, "qa")]
    assert urns.count(f"{NEW}pulumi:providers:p::mine") == 1
    assert pair("state", "move", "--source", "qa", "--dest", "dev", urns[-1], "--yes") == 0, pair.complaint
    assert USER.urn in [item["urn"] for item in stored(pair)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--dest", "qa", PROVIDER.urn), "cannot move providers"),
        (("--dest", "qa", "urn:pulumi:dev::shop::a:b:C::x"), "no resources found to move"),
        ((A.urn,), "at least one of --source or --dest must be provided"),
        (("--dest", "dev", A.urn), "are the same stack"),
        (("--dest", "prod", A.urn), "no stack named 'prod' found"),
    ],
)
def test_what_cannot_be_moved_is_told(pair, arguments, words):
    before = state_file(pair).read_bytes(), state_file(pair, "qa").read_bytes()
    assert pair("state", "move", *arguments, "--yes") != 0
    assert words in pair.complaint
    assert before == (state_file(pair).read_bytes(), state_file(pair, "qa").read_bytes())


def test_a_resource_that_is_there_already_is_not_overwritten(pair, salt):
    assert pair("state", "move", "--dest", "qa", A.urn, B.urn, "--yes") == 0
    store(pair, salt, ROOT, PROVIDER, A)
    assert pair("state", "move", "--dest", "qa", A.urn, "--yes") == 1
    assert f"resource {NEW}p:m:Thing::a already exists in destination stack" in pair.complaint
    store(
        pair,
        salt,
        ROOT,
        replace(PROVIDER, id="other", inputs={"x": 1}),
        replace(B, dependencies=(), property_dependencies={}, provider=f"{PROVIDER.urn}::other"),
    )
    assert pair("state", "move", "--dest", "qa", B.urn, "--yes") == 1
    assert f"provider {NEW}pulumi:providers:p::mine already exists in destination stack" in pair.complaint


def test_when_the_source_cannot_be_written_the_destination_is_put_back(pair, monkeypatch):
    before = json.loads(state_file(pair, "qa").read_text())["checkpoint"]["latest"].get("resources")
    write = FileBackend.write

    def failing(self, stack, text, **rest):
        if stack.name == "dev":
            raise OSError("disk full")
        write(self, stack, text, **rest)

    monkeypatch.setattr(FileBackend, "write", failing)
    assert pair("state", "move", "--dest", "qa", A.urn, B.urn, "--yes") == 1
    assert "failed to save source snapshot: disk full" in pair.complaint
    assert json.loads(state_file(pair, "qa").read_text())["checkpoint"]["latest"].get("resources") == before
    assert PASSPHRASE not in pair.complaint
