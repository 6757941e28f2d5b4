"""States in a cluster: few requests, atomic writes, no silent overwriting."""

from __future__ import annotations

import random

import pytest

from engine.backend import lease, secret_state
from engine.backend.api import LockWish
from engine.backend.kubernetes import KubernetesBackend
from engine.deploy.api import StackId
from engine.errors import StackExists, StackNotFound, StateError, UsageError
from tests.engine.backend.fake_kube import FakeKube

STACK = StackId(project="binding", name="web.my-db")
ENTRY = {"kind": "update", "result": "succeeded"}


@pytest.fixture
def kube() -> FakeKube:
    return FakeKube()


@pytest.fixture
def backend(kube) -> KubernetesBackend:
    return KubernetesBackend("kubernetes://mf-default-dev", kube)


def _large() -> str:
    # Random text, because repetitions would be compressed away.
    return random.Random(1).randbytes(1_500_000).hex()


def test_a_state_comes_back(backend):
    backend.create(STACK, "{}")
    assert backend.read(STACK) == "{}"
    assert [item.stack for item in backend.stacks()] == [STACK]
    assert backend.stacks("app") == []


def test_stacks_that_exist_or_do_not_are_told(backend):
    with pytest.raises(StackNotFound, match=r"no stack named 'web.my-db' found"):
        backend.read(STACK)
    backend.create(STACK, "{}")
    with pytest.raises(StackExists, match="already exists"):
        backend.create(STACK, "{}")


def test_an_update_without_changes_costs_four_requests(backend, kube):
    backend.create(STACK, "{}")
    kube.requests.clear()
    with backend.lock(STACK, LockWish()):
        backend.read(STACK)
        backend.conclude(STACK, None, ENTRY)
    assert kube.requests == ["create Lease", "list Secret", "replace Secret", "delete Lease"]


def test_history_keeps_the_last_ten_entries_newest_first(backend):
    backend.create(STACK, "{}")
    for number in range(12):
        backend.conclude(STACK, None, {"number": number})
    assert [entry["number"] for entry in backend.history(STACK)] == list(range(11, 1, -1))


def test_a_large_state_is_cut_into_chunks_and_old_ones_go(backend, kube):
    backend.create(STACK, "{}")
    for text in (_large(), _large() + "x"):
        backend.write(STACK, text)
        assert backend.read(STACK) == text
    assert len(kube.objects) > 2
    backend.write(STACK, "small")
    assert len(kube.objects) == 1


def test_chunks_of_a_killed_writer_do_not_stand_in_the_way(backend, kube):
    backend.create(STACK, "{}")
    backend.read(STACK)
    chunks, _, _ = secret_state.manifests(secret_state.Stored(stack=STACK, text=_large(), generation=1), "ns")
    kube.create(chunks[0])
    backend.write(STACK, _large())
    assert backend.read(STACK) == _large()


def test_a_state_that_someone_else_changed_is_not_overwritten(backend, kube):
    backend.create(STACK, "{}")
    backend.read(STACK)
    other = KubernetesBackend("kubernetes://mf-default-dev", kube)
    other.write(STACK, "theirs")
    with pytest.raises(StateError, match="changed by another process"):
        backend.write(STACK, "ours")
    assert other.read(STACK) == "theirs"


def test_nothing_is_written_once_the_lock_is_lost(backend):
    backend.create(STACK, "{}")
    with backend.lock(STACK, LockWish()):
        backend.read(STACK)
        backend._leases[STACK].lost.set()
        with pytest.raises(StateError, match="changed by another process"):
            backend.write(STACK, "ours")


def test_a_missing_chunk_is_named(backend, kube):
    backend.create(STACK, "{}")
    backend.write(STACK, _large())
    name = next(name for _, name in kube.objects if name.endswith("-0"))
    del kube.objects["Secret", name]
    with pytest.raises(StateError, match="is missing"):
        backend.read(STACK)


def test_removing_a_stack_leaves_nothing(backend, kube):
    backend.create(STACK, _large())
    backend.remove(STACK)
    assert kube.objects == {}


def test_tags_are_kept_with_the_state(backend):
    backend.create(STACK, "{}")
    backend.set_tags(STACK, {"a": "b"})
    backend.write(STACK, "{ }")
    assert backend.tags(STACK) == {"a": "b"}


def test_names_of_different_stacks_differ_and_are_legal():
    names = {secret_state.object_name(StackId(project="a", name=name)) for name in ("B", "b", "b_", "b..c", "x" * 300)}
    assert len(names) == 5
    assert all(len(name) <= 253 and name == name.lower() for name in names)


def test_a_url_without_namespace_is_refused(kube):
    with pytest.raises(UsageError, match="kubernetes://NAMESPACE"):
        KubernetesBackend("kubernetes://", kube)


def test_a_writer_whose_lock_ran_out_and_was_taken_over_writes_nothing(kube, backend, monkeypatch):
    # The first holder sleeps: it neither renews its lock nor looks at it before it writes.
    monkeypatch.setattr(lease, "RENEW_SECONDS", 3600.0)
    monkeypatch.setattr(lease, "DURATION_SECONDS", 1)
    backend.create(STACK, "{}")
    other = KubernetesBackend("kubernetes://mf-default-dev", kube)
    with backend.lock(STACK, LockWish()):
        backend.read(STACK)
        sleeping = next(item for (kind, _), item in kube.objects.items() if kind == "Lease")
        sleeping["spec"]["leaseDurationSeconds"] = 1
        sleeping["metadata"]["annotations"]["microfoundry.dev/holder"] = '{"pid": 1, "hostname": "elsewhere"}'
        with other.lock(STACK, LockWish(wait=30)):
            other.conclude(STACK, _large(), ENTRY)
            for text in (_large()[::-1], "ours"):
                with pytest.raises(StateError, match="changed by another process"):
                    backend.write(STACK, text)
            with pytest.raises(StateError, match="changed by another process"):
                backend.conclude(STACK, "ours", ENTRY)
            assert other.read(STACK) == _large()


def test_chunks_that_a_killed_writer_left_go_with_the_next_write(backend, kube):
    backend.create(STACK, _large())
    chunk = next(item for (_, name), item in kube.objects.items() if name.endswith("-0"))
    kube.create({**chunk, "metadata": {**chunk["metadata"], "name": "left-g9-x-0"}})
    with backend.lock(STACK, LockWish()):
        backend.read(STACK)
        backend.write(STACK, "{}")
    assert [name for _, name in kube.objects] == [secret_state.object_name(STACK)]


def test_a_renamed_stack_keeps_history_and_tags_and_leaves_nothing_behind(backend, kube):
    backend.create(STACK, _large())
    backend.conclude(STACK, None, ENTRY)
    backend.set_tags(STACK, {"a": "b"})
    new = StackId(project="binding", name="other")
    backend.rename(STACK, new, "{}")
    assert (backend.read(new), backend.history(new), backend.tags(new)) == ("{}", [ENTRY], {"a": "b"})
    assert len(kube.objects) == 1
    backend.create(STACK, "{}")
    with pytest.raises(StackExists):
        backend.rename(STACK, new, "{}")


def test_a_creation_that_was_cut_off_can_be_done_again(backend, kube):
    backend.create(STACK, _large())
    del kube.objects["Secret", secret_state.object_name(STACK)]
    backend.create(STACK, _large())
    assert backend.read(STACK) == _large()
