"""`pulumi state`: single edits of a stored state."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.backend.file import FileBackend
from engine.deploy.api import StackId
from engine.secrets import Passphrase
from engine.state.model import Deployment, PendingOperation, Resource
from engine.state.serialise import StateCodec, wrap_checkpoint
from engine.values import Secret
from tests.engine.command.conftest import PASSPHRASE, CommandLine

HEAD = "urn:pulumi:dev::shop::"
ROOT = Resource(urn=f"{HEAD}pulumi:pulumi:Stack::shop-dev", type="pulumi:pulumi:Stack", custom=False)
PROVIDER = Resource(urn=f"{HEAD}pulumi:providers:p::mine", type="pulumi:providers:p", custom=True, id="uuid")
GROUP = Resource(urn=f"{HEAD}p:m:Group::g", type="p:m:Group", custom=False, parent=ROOT.urn)


def thing(name: str, *, parent: Resource = ROOT, **fields) -> Resource:
    above = "" if parent is ROOT else "p:m:Group$"
    base = Resource(urn=f"{HEAD}{above}p:m:Thing::{name}", type="p:m:Thing", custom=True, id=f"id-{name}")
    return replace(base, parent=parent.urn, provider=f"{PROVIDER.urn}::uuid", **fields)


A = thing("a", inputs={"pw": Secret("hunter2")}, extra={"future": [1]})
B = thing("b", dependencies=(A.urn,), property_dependencies={"x": (A.urn,)})
INNER = thing("inner", parent=GROUP)
USER = thing("user", dependencies=(INNER.urn,), deleted_with=INNER.urn, replace_with=(INNER.urn,))
ALL = (ROOT, PROVIDER, A, B, GROUP, INNER, USER)


def state_file(line: CommandLine, name: str = "dev") -> Path:
    root = Path(line.environment["PULUMI_BACKEND_URL"].removeprefix("file://"))
    return root / f".pulumi/stacks/shop/{name}.json"


def store(line: CommandLine, salt: str, *resources: Resource, pending: tuple[PendingOperation, ...] = ()) -> None:
    codec = StateCodec(Passphrase(lambda: PASSPHRASE, salt))
    text = codec.dump(Deployment(resources=resources, pending=pending))
    backend = FileBackend(line.environment["PULUMI_BACKEND_URL"])
    backend.write(StackId(project="shop", name="dev"), wrap_checkpoint("organization/shop/dev", text))


def stored(line: CommandLine, name: str = "dev") -> list[dict[str, Any]]:
    latest = json.loads(state_file(line, name).read_text())["checkpoint"]["latest"]
    return list(latest.get("resources", []))


@pytest.fixture
def full(dev, salt):
    store(dev, salt, *ALL)
    return dev


def test_a_resource_that_nobody_needs_is_deleted_and_no_history_is_written(full):
    assert full("state", "delete", USER.urn, "--yes") == 0, full.complaint
    assert full.text == "Resource deleted"
    assert [item["urn"] for item in stored(full)] == [item.urn for item in ALL if item is not USER]
    assert not (state_file(full).parents[2] / "history").exists()


def test_an_edit_needs_no_passphrase_and_keeps_what_it_does_not_know(full):
    before = stored(full)[2]
    del full.environment["PULUMI_CONFIG_PASSPHRASE"]
    assert full("state", "delete", USER.urn) == 0, full.complaint
    assert stored(full)[2] == before
    assert before["future"] == [1]


def test_a_needed_resource_is_not_deleted_and_those_that_need_it_are_named(full):
    before = state_file(full).read_bytes()
    assert full("state", "delete", A.urn, "--yes") == 1
    assert f"{A.urn} can't be safely deleted because the following resources depend on it:" in full.complaint
    assert f' * "b"             ({B.urn})' in full.complaint
    assert state_file(full).read_bytes() == before
    assert full("state", "delete", A.urn, "--target-dependents") == 0
    assert [item["urn"] for item in stored(full)] == [item.urn for item in ALL if item not in (A, B)]


def test_a_provider_takes_all_that_uses_it(full):
    assert full("state", "delete", PROVIDER.urn) == 1
    assert full("state", "delete", PROVIDER.urn, "--target-dependents") == 0
    assert [item["urn"] for item in stored(full)] == [ROOT.urn, GROUP.urn]


def test_a_protected_resource_is_deleted_by_force_only(full, salt):
    store(full, salt, ROOT, PROVIDER, replace(A, protect=True))
    assert full("state", "delete", A.urn) == 1
    assert "because it is protected. Re-run this command with --force" in full.complaint
    assert full("state", "delete", A.urn, "--force") == 0
    assert "deleting protected resource" in full.complaint


def test_several_and_all_can_be_deleted(full):
    assert full("state", "delete", A.urn, B.urn) == 0, full.complaint
    assert full.text == "2 resources deleted"
    assert full("state", "delete", "--all") == 0
    assert full.text == "Resources deleted"
    assert stored(full) == []
    assert full("state", "delete", "--all", A.urn) == 1
    assert full("state", "delete") == 1
    assert "Must supply <resource URN> unless pulumi is run interactively" in full.complaint


def test_an_unknown_urn_is_told_with_what_was_probably_meant(full):
    assert full("state", "delete", f"{HEAD}p:m:Thing::bb") == 1
    assert f'No such resource "{HEAD}p:m:Thing::bb" exists in the current state' in full.complaint
    assert f"Did you mean:\n  {B.urn}" in full.complaint or f"  {B.urn}" in full.complaint
    assert full("state", "delete", "b") == 1
    assert '"b" is not a valid resource URN' in full.complaint


def test_a_twin_makes_a_urn_ambiguous(full, salt):
    store(full, salt, ROOT, PROVIDER, A, replace(A, delete=True, id="old"))
    assert full("state", "delete", A.urn) == 1
    assert "ambiguously referred to multiple resources" in full.complaint


def test_a_new_name_is_followed_by_children_and_all_that_refer_to_it(full):
    assert full("state", "rename", GROUP.urn, "h") == 0, full.complaint
    assert full("state", "rename", INNER.urn, "core") == 0, full.complaint
    assert full("state", "rename", PROVIDER.urn, "yours") == 0, full.complaint
    core = f"{HEAD}p:m:Group$p:m:Thing::core"
    by_urn = {item["urn"]: item for item in stored(full)}
    assert by_urn[core]["parent"] == f"{HEAD}p:m:Group::h"
    user = by_urn[USER.urn]
    assert (user["dependencies"], user["deletedWith"], user["replaceWith"]) == ([core], core, [core])
    assert user["provider"] == f"{HEAD}pulumi:providers:p::yours::uuid"


def test_a_name_that_is_taken_is_refused(full):
    before = state_file(full).read_bytes()
    assert full("state", "rename", A.urn, "b") == 1
    assert "corresponds to an already existing resource" in full.complaint
    assert full("state", "rename", "a", "b") == 1
    assert "The provided input URN is not valid" in full.complaint
    assert state_file(full).read_bytes() == before


def test_marks_are_set_and_cleared(full, salt):
    store(full, salt, *ALL[:-1])
    assert full("state", "protect", A.urn, B.urn) == 0
    assert full.text == "2 resources protected"
    assert [item["urn"] for item in stored(full) if item.get("protect")] == [A.urn, B.urn]
    assert full("state", "unprotect", "--all") == 0
    assert full.text == "All resources unprotected"
    assert full("state", "taint", A.urn) == 0
    tree = json.loads(state_file(full).read_text())
    assert (tree["version"], tree["features"]) == (4, ["taint"])
    assert full("state", "untaint", A.urn) == 0
    assert json.loads(state_file(full).read_text())["version"] == 3
    assert full("state", "taint", "urn:pulumi:x::y::z::nope") == 1
    assert "No such resource" in full.complaint


def test_a_broken_state_is_not_edited(full, salt):
    store(full, salt, ROOT, A)
    assert full("state", "protect", A.urn) == 1
    assert "snapshot integrity failure; refusing to use it" in full.complaint
    assert full("state", "protect", A.urn, "--disable-integrity-checking") == 0


def test_a_state_of_another_secrets_provider_can_be_edited_too(full):
    tree = json.loads(state_file(full).read_text())
    tree["checkpoint"]["latest"]["secrets_providers"] = {"type": "cloud", "state": {"url": "awskms://x"}}
    state_file(full).write_text(json.dumps(tree))
    assert full("state", "protect", B.urn) == 0, full.complaint
    latest = json.loads(state_file(full).read_text())["checkpoint"]["latest"]
    assert latest["secrets_providers"] == {"type": "cloud", "state": {"url": "awskms://x"}}
