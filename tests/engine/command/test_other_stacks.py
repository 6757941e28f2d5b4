"""What one stack may read of another, whatever the backend."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from engine.backend.api import Backend, qualified
from engine.backend.kubernetes import KubernetesBackend
from engine.command.other_stacks import OtherStackReader
from engine.command.session import Session
from engine.deploy.api import StackId
from engine.errors import ProviderError
from engine.kube.client import Kube
from engine.secrets import Passphrase
from engine.state.model import Deployment, Resource
from engine.state.serialise import StateCodec, wrap_checkpoint
from engine.urn import STACK_TYPE
from engine.values import Secret
from tests.engine.backend.fake_kube import FakeKube
from tests.engine.command.conftest import PASSPHRASE

SHOP = StackId(project="shop", name="dev")
ROOT = f"urn:pulumi:dev::shop::{STACK_TYPE}::shop-dev"


@pytest.fixture
def reader(tmp_path: Path, salt: str) -> OtherStackReader:
    """Beside a stack in a cluster that puts out a secret."""
    backend = KubernetesBackend("kubernetes://states", cast(Kube, FakeKube()))
    codec = StateCodec(Passphrase(lambda: PASSPHRASE, salt))
    outputs = {"url": "http://shop", "token": Secret("hunter2")}
    root = Resource(urn=ROOT, type=STACK_TYPE, custom=False, outputs=outputs)
    backend.create(SHOP, wrap_checkpoint(qualified(SHOP), codec.dump(Deployment(resources=(root,)))))
    return OtherStackReader(_session(tmp_path, backend))


def _session(directory: Path, backend: Backend) -> Session:
    (directory / "Pulumi.yaml").write_text("name: user\nruntime: python\n")
    return Session(
        directory=directory,
        environment={"PULUMI_BACKEND_URL": backend.url, "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE},
        out=print,
        err=print,
        open_backend=lambda *_: backend,
        read_input=str,
    )


def test_outputs_and_resources_are_opened(reader: OtherStackReader) -> None:
    read = reader.outputs("organization/shop/dev")
    assert (read.outputs, read.elided) == ({"url": "http://shop", "token": Secret("hunter2")}, False)
    assert [one.urn for one in reader.resources("organization/shop/dev")] == [ROOT]


def test_name_without_a_project_means_this_one(reader: OtherStackReader) -> None:
    with pytest.raises(ProviderError, match='unknown stack "dev"'):
        reader.outputs("dev")
