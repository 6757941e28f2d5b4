"""`pulumi stack`: what it says of a stack, as a tree."""

from __future__ import annotations

import socket

import pytest

from engine.backend.file import FileBackend
from engine.deploy.api import StackId
from engine.secrets import Passphrase
from engine.state.model import Deployment, Resource
from engine.state.serialise import StateCodec, wrap_checkpoint
from engine.values import Secret
from tests.engine.command.conftest import PASSPHRASE, CommandLine

STACK = StackId(project="shop", name="dev")
ROOT = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
WEB = "urn:pulumi:dev::shop::my:index:Web::web"
PET = "urn:pulumi:dev::shop::my:index:Web$random:index/randomPet:RandomPet::a::b"
LONE = "urn:pulumi:dev::shop::pulumi:providers:random::default"


def fill(line: CommandLine, salt: str, *, root: bool = True) -> None:
    """A stack with a component, its child, and a provider that hangs on nothing."""
    outputs = {"url": "http://x", "password": Secret("hunter2"), "ports": [80, 443]}
    resources = (
        Resource(urn=ROOT, type="pulumi:pulumi:Stack", custom=False, outputs=outputs),
        Resource(urn=LONE, type="pulumi:providers:random", custom=True, id="1"),
        Resource(urn=WEB, type="my:index:Web", custom=False, parent=ROOT if root else ""),
        Resource(
            urn=PET,
            type="random:index/randomPet:RandomPet",
            custom=True,
            id="brave-pug",
            parent=WEB,
            provider=f"{LONE}::1",
        ),
    )
    codec = StateCodec(Passphrase(lambda: PASSPHRASE, salt))
    held = Deployment(resources=resources if root else resources[1:])
    backend = FileBackend(line.environment["PULUMI_BACKEND_URL"])
    backend.write(STACK, wrap_checkpoint("organization/shop/dev", codec.dump(held)))


def test_resources_are_drawn_as_a_tree_and_outputs_as_a_table(dev, salt):
    fill(dev, salt)
    assert dev("stack") == 0
    lines = dev.text.splitlines()
    assert lines[:2] == ["Current stack is dev:", f"    Managed by {socket.gethostname()}"]
    start = lines.index("Current stack resources (4):")
    assert lines[start + 1 :] == [
        "    TYPE                                    NAME",
        "    pulumi:pulumi:Stack                     shop-dev",
        "    ├─ my:index:Web                         web",
        "    │  └─ random:index/randomPet:RandomPet  a::b",
        "    └─ pulumi:providers:random              default",
        "",
        "Current stack outputs (3):",
        "    OUTPUT    VALUE",
        "    password  [secret]",
        "    ports     [80,443]",
        "    url       http://x",
        "",
        "Use `pulumi stack select` to change stack; `pulumi stack ls` lists known ones",
    ]


@pytest.mark.parametrize("flags", [("--show-urns", "--show-ids"), ("-u", "-i"), ("-ui",)])
def test_urns_and_ids_are_shown_below_each_resource(dev, salt, flags):
    fill(dev, salt)
    assert dev("stack", *flags) == 0
    assert f"    │        URN: {PET}\n    │        ID: brave-pug\n" in dev.text
    assert f"    │  URN: {ROOT}\n    ├─ my:index:Web" in dev.text


def test_secrets_are_shown_on_demand_only(dev, salt):
    fill(dev, salt)
    assert dev("stack", "--show-secrets") == 0
    assert "    password  hunter2" in dev.text


def test_without_a_stack_resource_the_list_is_flat(dev, salt):
    fill(dev, salt, root=False)
    assert dev("stack") == 0
    assert "    random:index/randomPet:RandomPet  a::b" in dev.text


def test_a_stack_that_was_never_updated_says_so(dev):
    assert dev("stack") == 0
    assert "    No updates yet; run `pulumi up`" in dev.text
    assert "    No resources currently in this stack" in dev.text


def test_outputs_alone_are_the_same_table(dev, salt):
    fill(dev, salt)
    assert dev("stack", "output") == 0
    assert dev.text.splitlines()[:3] == ["Current stack outputs (3):", "    OUTPUT    VALUE", "    password  [secret]"]
