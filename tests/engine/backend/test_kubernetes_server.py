"""The kubernetes backend at a real API server: names, labels, versions and the Lease are taken as they are sent."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from engine.backend.api import LockWish
from engine.backend.kubernetes import KubernetesBackend
from engine.deploy.api import StackId
from engine.errors import StackLocked, StateError

STACK = StackId(project="binding", name="Web_app.my-db")

HOLD = """
import sys
from engine.backend.api import LockWish
from engine.backend.choose import open_backend
from engine.deploy.api import StackId
from pathlib import Path
backend = open_backend(sys.argv[1], {"KUBECONFIG": sys.argv[2]}, Path("."))
with backend.lock(StackId(project="binding", name="Web_app.my-db"), LockWish()):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def backend(kube, make_namespace) -> KubernetesBackend:
    backend = KubernetesBackend(f"kubernetes://{make_namespace()}", kube)
    backend.create(STACK, "{}")
    return backend


def test_small_and_large_states_come_back_and_removal_leaves_nothing(backend, kube):
    large = random.Random(1).randbytes(1_500_000).hex()
    for text in ("{}", large, "small again"):
        backend.write(STACK, text)
        assert backend.read(STACK) == text
    assert [item.stack for item in backend.stacks("binding")] == [STACK]
    backend.remove(STACK)
    assert kube.list("v1", "Secret", namespace=backend.url.removeprefix("kubernetes://")) == []


def test_a_stale_writer_is_refused(backend, kube):
    backend.read(STACK)
    KubernetesBackend(backend.url, kube).write(STACK, "theirs")
    with pytest.raises(StateError, match="changed by another process"):
        backend.write(STACK, "ours")


def test_a_killed_holder_is_replaced_and_a_live_one_is_not(backend, apiserver):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, backend.url, apiserver.kubeconfig],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[3],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    with pytest.raises(StackLocked, match=rf"pid {process.pid}"), backend.lock(STACK, LockWish()):
        pass
    process.kill()
    process.communicate()
    said: list[str] = []
    with backend.lock(STACK, LockWish(say=said.append)):
        backend.write(STACK, "mine")
    assert "took over" in said[0]
