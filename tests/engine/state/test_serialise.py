"""Deployments to and from checkpoint JSON."""

from __future__ import annotations

import base64
import json
import math
from dataclasses import replace

import pytest

from engine.errors import SecretsError, StateError
from engine.state.model import Deployment, PendingOperation, Resource, Timeouts
from engine.state.serialise import StateCodec, export_plain, features_of, unwrap, wrap_checkpoint, wrap_export
from engine.values import Asset, ResourceRef, Secret
from engine.wire.signatures import SECRET, SIGNATURE


class CountingSecrets:
    """Marks cipher texts by number, so that a test sees which were made anew (support class)."""

    type = "passphrase"
    state = {"salt": "v1:AAAA:v1:BBBB:CCCC"}  # noqa: RUF012 - a constant of the test

    def __init__(self) -> None:
        self.made = 0

    def encrypt(self, plain: str) -> str:
        self.made += 1
        return f"{self.made}:{base64.b64encode(plain.encode()).decode()}"

    def decrypt(self, cipher: str) -> str:
        return base64.b64decode(cipher.partition(":")[2]).decode()


STACK = Resource(urn="urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev", type="pulumi:pulumi:Stack", custom=False)
PROVIDER = Resource(
    urn="urn:pulumi:dev::demo::pulumi:providers:pkg::default", type="pulumi:providers:pkg", custom=True, id="uuid"
)
CHILD = Resource(
    urn="urn:pulumi:dev::demo::pkg:m:R::r",
    type="pkg:m:R",
    custom=True,
    id="r-1",
    inputs={"password": Secret("hunter2"), "list": [1, 2.5, None, {"deep": Secret({"a": [1]})}], "none": None},
    outputs={"password": Secret("hunter2"), "file": Asset(text="x", hash="ab"), "ref": ResourceRef(urn="u", id="i")},
    parent=STACK.urn,
    provider=f"{PROVIDER.urn}::uuid",
    dependencies=(STACK.urn,),
    property_dependencies={"password": (), "list": (STACK.urn,)},
    additional_secret_outputs=("password",),
    custom_timeouts=Timeouts(create=300),
    protect=True,
    created="2024-01-01T00:00:00Z",
    extra={"sourcePosition": "project:///x#1,1", "future": {"x": 1}},
)
DEPLOYMENT = Deployment(
    resources=(STACK, PROVIDER, CHILD),
    pending=(PendingOperation(resource=replace(CHILD, id="", urn=CHILD.urn + "2"), type="creating"),),
    extra={"metadata": {"integrity": True}, "unheard": [1]},
)


def test_a_deployment_comes_back_as_it_was_with_unknown_keys_kept():
    codec = StateCodec(CountingSecrets())
    assert StateCodec(CountingSecrets()).load(json.loads(codec.dump(DEPLOYMENT))) == DEPLOYMENT


def test_no_secret_is_readable_in_the_text():
    text = StateCodec(CountingSecrets()).dump(DEPLOYMENT)
    assert "hunter2" not in text


def test_members_that_are_empty_are_left_out():
    tree = json.loads(StateCodec(None).dump(Deployment(resources=(STACK,))))
    assert tree["resources"] == [{"urn": STACK.urn, "custom": False, "type": "pulumi:pulumi:Stack"}]
    assert "pending_operations" not in tree
    assert "resources" not in json.loads(StateCodec(None).dump(Deployment()))


def test_unchanged_secrets_keep_their_cipher_text():
    text = StateCodec(CountingSecrets()).dump(DEPLOYMENT)
    second = CountingSecrets()
    codec = StateCodec(second)
    loaded = codec.load(json.loads(text))
    again = codec.dump(replace(loaded, resources=tuple(replace(item, modified="now") for item in loaded.resources)))
    assert second.made == 0
    assert json.loads(again)["resources"][2]["inputs"] == json.loads(text)["resources"][2]["inputs"]


def test_a_changed_secret_gets_a_new_cipher_text():
    manager = CountingSecrets()
    codec = StateCodec(manager)
    codec.dump(DEPLOYMENT)
    before = manager.made
    codec.dump(replace(DEPLOYMENT, resources=(STACK, PROVIDER, replace(CHILD, inputs={"password": Secret("new")}))))
    assert manager.made == before + 1


def test_secrets_without_a_manager_are_refused():
    with pytest.raises(SecretsError, match="no secrets provider"):
        StateCodec(None).dump(DEPLOYMENT)


def test_show_secrets_exports_plain_text_that_can_be_imported_again():
    tree = export_plain(DEPLOYMENT)
    assert tree["resources"][2]["inputs"]["password"] == {SIGNATURE: SECRET, "plaintext": '"hunter2"'}
    assert StateCodec(None).load(json.loads(json.dumps(tree))) == DEPLOYMENT


def test_nan_and_infinity_survive_json():
    resource = replace(STACK, outputs={"x": math.inf, "s": Secret([-math.inf])})
    codec = StateCodec(CountingSecrets())
    assert codec.load(json.loads(codec.dump(Deployment(resources=(resource,))))).resources == (resource,)


def test_checkpoints_and_exports_wrap_the_same_deployment():
    text = StateCodec(CountingSecrets()).dump(DEPLOYMENT)
    checkpoint = unwrap(wrap_checkpoint("organization/demo/dev", text), key="checkpoint", what="state")
    assert checkpoint["latest"] == unwrap(wrap_export(text), key="deployment", what="export")


def test_features_beyond_version_three_are_declared():
    deployment = Deployment(resources=(replace(STACK, taint=True),))
    text = wrap_checkpoint("s", StateCodec(None).dump(deployment), features_of(deployment))
    assert json.loads(text)["version"] == 4
    assert json.loads(text)["features"] == ["taint"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"version": 2}', '{"version": 4, "features": ["time travel"]}', '{"version": 3, "checkpoint": [1]}'],
)
def test_a_file_that_is_no_state_is_refused(text):
    with pytest.raises(StateError):
        unwrap(text, key="checkpoint", what="state of demo")


def test_a_damaged_manifest_is_refused():
    with pytest.raises(StateError, match="magic"):
        StateCodec(None).load({"manifest": {"version": "v3", "magic": "00"}})


def test_hooks_are_kept_by_the_moment_at_which_they_run():
    hooked = replace(STACK, hooks={"BeforeDelete": ("h",), "OnError": ("e", "f")})
    codec = StateCodec(CountingSecrets())
    tree = json.loads(codec.dump(Deployment(resources=(hooked,))))
    assert tree["resources"][0]["resourceHooks"] == {"BeforeDelete": ["h"], "OnError": ["e", "f"]}
    loaded = codec.load(tree)
    assert loaded.resources == (hooked,)
    assert features_of(loaded) == {"hooks"}
