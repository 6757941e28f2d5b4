"""A support file: a folder as Pulumi's own command leaves it, written by hand from the description of the format."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PASSPHRASE: Final = "correct horse"
SECRET: Final = "hunter2"
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_STACK: Final = "urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev"
_PROVIDER: Final = "urn:pulumi:dev::demo::pulumi:providers:cloud::default"
_PROVIDER_ID: Final = "3a2b1c0d-1111-4222-8333-444455556666"
_TIME: Final = "2024-05-06T07:08:09.123456789Z"


@dataclass
class Sealer:
    """Encrypts as the passphrase provider does; nothing of the engine is used."""

    salt: bytes = field(default_factory=lambda: os.urandom(8))

    def __post_init__(self) -> None:
        self.key = hashlib.pbkdf2_hmac("sha256", PASSPHRASE.encode(), self.salt, 1_000_000, 32)

    def seal(self, text: str) -> str:
        """The cipher text of a text."""
        nonce = os.urandom(12)
        return f"v1:{_b64(nonce)}:{_b64(AESGCM(self.key).encrypt(nonce, text.encode(), None))}"

    @property
    def described(self) -> str:
        """The salt as settings and states hold it."""
        return f"v1:{_b64(self.salt)}:{self.seal('pulumi')}"

    def secret(self, value: Any) -> dict[str, str]:
        """A secret value of a state."""
        return {_SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": self.seal(json.dumps(value))}


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def thing(name: str, *, inputs: dict[str, Any], outputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A resource's entry with all that the command writes of an ordinary one."""
    return {
        "urn": f"urn:pulumi:dev::demo::cloud:index:Thing::{name}",
        "custom": True,
        "id": f"{name}-1",
        "type": "cloud:index:Thing",
        "inputs": inputs,
        "outputs": outputs,
        "parent": _STACK,
        "provider": f"{_PROVIDER}::{_PROVIDER_ID}",
        "propertyDependencies": {key: [] for key in inputs},
        "created": _TIME,
        "modified": _TIME,
        "sourcePosition": "project:///__main__.py#3,1",
        "stackTrace": [{"sourcePosition": "project:///__main__.py#3,1"}],
        **more,
    }


def resources(sealer: Sealer) -> list[dict[str, Any]]:
    """The stack, its default provider, and three things: plain, secret, and dependent."""
    stack = {"urn": _STACK, "custom": False, "type": "pulumi:pulumi:Stack", "created": _TIME, "modified": _TIME}
    stack |= {"outputs": {"made": "plain-1", "word": sealer.secret(SECRET)}, "sourcePosition": "project:///x.py#1"}
    provider = {"urn": _PROVIDER, "custom": True, "id": _PROVIDER_ID, "type": "pulumi:providers:cloud"}
    hidden = sealer.secret(SECRET)
    return [
        stack,
        {**provider, "created": _TIME, "modified": _TIME},
        thing("plain", inputs={"value": 1}, outputs={"value": 1, "made": "plain-1"}),
        thing("secret", inputs={"value": hidden}, outputs={"value": hidden, "made": "secret-1"}),
        thing(
            "user",
            inputs={"value": "plain-1"},
            outputs={"value": "plain-1", "made": "user-1"},
            dependencies=["urn:pulumi:dev::demo::cloud:index:Thing::plain"],
            propertyDependencies={"value": ["urn:pulumi:dev::demo::cloud:index:Thing::plain"]},
        ),
    ]


@dataclass
class Written:
    """What goes into the folder; tests change it before it is written."""

    sealer: Sealer
    resources: list[dict[str, Any]]
    version: str = "v3.140.0"
    manifest: dict[str, Any] = field(default_factory=dict)
    deployment: dict[str, Any] = field(default_factory=lambda: {"metadata": {}})
    top: dict[str, Any] = field(default_factory=dict)

    def put(self, folder: Path) -> None:
        """Write backend and project."""
        magic = hashlib.sha256(self.version.encode()).hexdigest()
        salt = self.sealer.described
        latest = {
            "manifest": {"time": _TIME, "magic": magic, "version": self.version, **self.manifest},
            "secrets_providers": {"type": "passphrase", "state": {"salt": salt}},
            "resources": self.resources,
            **self.deployment,
        }
        tree = {"version": 3, "checkpoint": {"stack": "organization/demo/dev", "latest": latest}, **self.top}
        state = folder / "state/.pulumi"
        (state / "stacks/demo").mkdir(parents=True)
        (state / "meta.yaml").write_text("version: 1\n", encoding="utf-8")
        (state / "stacks/demo/dev.json").write_text(json.dumps(tree, indent=4), encoding="utf-8")
        (folder / "project").mkdir()
        (folder / "project/Pulumi.yaml").write_text("name: demo\nruntime: python\n", encoding="utf-8")
        (folder / "project/Pulumi.dev.yaml").write_text(f"encryptionsalt: {salt}\n", encoding="utf-8")


def latest(folder: Path) -> dict[str, Any]:
    """The deployment that lies in the folder now."""
    text = (folder / "state/.pulumi/stacks/demo/dev.json").read_text(encoding="utf-8")
    tree: dict[str, Any] = json.loads(text)["checkpoint"]["latest"]
    return tree
