"""The Lease: one holder, renewed while it lives, taken over when it is gone."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from engine.backend import lease as lease_module
from engine.backend.api import LockWish
from engine.backend.holder import Holder
from engine.backend.lease import Lease
from engine.errors import StackLocked
from engine.kube.errors import Conflict, KubeError
from tests.engine.backend.fake_kube import FakeKube


def _lease(kube: FakeKube, seconds: int = 30) -> Lease:
    return Lease(kube, "ns", "lock", seconds=seconds)


def _held_by(kube: FakeKube, holder: Holder, seconds: int) -> None:
    manifest = _lease(kube, seconds)._manifest()
    manifest["metadata"]["annotations"]["microfoundry.dev/holder"] = json.dumps(holder.tree())
    kube.create(manifest)


def test_a_released_lock_is_gone():
    kube = FakeKube()
    held = _lease(kube)
    held.take(LockWish())
    held.release()
    assert kube.objects == {}


def test_a_live_holder_is_an_error_that_names_it():
    kube = FakeKube()
    held = _lease(kube)
    held.take(LockWish())
    with pytest.raises(StackLocked, match=r"the stack is currently locked by 1 lock.*\n.*pid \d+"):
        _lease(kube).take(LockWish())
    held.release()


def test_whoever_waits_gets_the_lock_when_it_is_released():
    kube = FakeKube()
    held = _lease(kube)
    said: list[str] = []
    held.take(LockWish())
    threading.Timer(0.3, held.release).start()
    waiting = _lease(kube)
    waiting.take(LockWish(wait=10, say=said.append))
    waiting.release()
    assert len(said) == 1


def test_the_lock_of_a_killed_process_of_this_machine_is_taken_over_at_once():
    kube = FakeKube()
    said: list[str] = []
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    _held_by(kube, replace(Holder.me(), pid=process.pid), 3600)
    process.kill()
    process.wait()
    taken = _lease(kube)
    taken.take(LockWish(say=said.append))
    taken.release()
    assert "took over" in said[0]


def test_the_lock_of_a_silent_process_elsewhere_is_taken_over_when_it_runs_out():
    kube = FakeKube()
    _held_by(kube, replace(Holder.me(), hostname="elsewhere"), 1)
    started = time.monotonic()
    taken = _lease(kube)
    taken.take(LockWish())
    taken.release()
    assert time.monotonic() - started > 1


def test_a_process_elsewhere_that_renews_its_lock_counts_as_alive(monkeypatch):
    kube = FakeKube()
    monkeypatch.setattr(lease_module, "RENEW_SECONDS", 0.2)
    monkeypatch.setattr(Holder, "is_near", lambda self: False)
    held = _lease(kube)
    held.take(LockWish())
    with pytest.raises(StackLocked):
        _lease(kube).take(LockWish())
    held.release()


def test_a_holder_that_was_displaced_notices(monkeypatch):
    kube = FakeKube()
    monkeypatch.setattr(lease_module, "RENEW_SECONDS", 0.05)
    held = _lease(kube)
    held.take(LockWish())
    kube.objects["Lease", "lock"]["spec"]["holderIdentity"] = "somebody else"
    kube.objects["Lease", "lock"]["metadata"]["resourceVersion"] = "999"
    assert held.lost.wait(5)
    held.release()
    assert ("Lease", "lock") in kube.objects


def test_a_server_that_is_away_while_a_renewal_is_checked_does_not_end_renewing(monkeypatch):
    monkeypatch.setattr(lease_module, "RENEW_SECONDS", 0.02)
    kube = FakeKube()
    held = _lease(kube)
    answers = iter([Conflict(409, "Conflict", "changed meanwhile"), None])
    looks, find, replace_ = [], kube.find, kube.replace

    def replaced(manifest):
        if (answer := next(answers, None)) is not None:
            raise answer
        return replace_(manifest)

    def found(*where, **more):
        looks.append(where)
        if len(looks) == 1:
            raise KubeError(0, "Unreachable", "no answer")
        return find(*where, **more)

    held.take(LockWish())
    monkeypatch.setattr(kube, "replace", replaced)
    monkeypatch.setattr(kube, "find", found)
    time.sleep(0.3)
    assert looks and held._thread and held._thread.is_alive() and not held.lost.is_set()
    held.release()
