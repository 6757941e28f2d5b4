"""Large states between two checkpoints: what is noted beside them, and what a killed process leaves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.backend.api import LockWish
from engine.backend.file import FileBackend
from engine.backend.recorder import Recorder
from engine.deploy.api import StackId
from engine.errors import StateError
from engine.state.model import Deployment, PendingOperation, Resource
from engine.state.serialise import StateCodec, wrap_checkpoint

STACK = StackId(project="shop", name="dev")
STEPS = 40
LOADED: dict[str, Any] = {"metadata": {}}


def _resource(number: int) -> Resource:
    return Resource(urn=f"urn:pulumi:dev::shop::a:b:C::r{number}", type="a:b:C", custom=True, id=f"id{number}")


def _large() -> Deployment:
    bulk = {"text": "x" * 200_000}
    return Deployment(
        resources=(Resource(urn="urn:pulumi:dev::shop::a:b:C::bulk", type="a:b:C", custom=True, inputs=bulk),)
    )


def _states() -> list[Deployment]:
    """An update's states: each resource is announced, then finished."""
    states, resources = [], list(_large().resources)
    for number in range(STEPS):
        begun = PendingOperation(resource=_resource(number), type="creating")
        states.append(Deployment(resources=tuple(resources), pending=(begun,), extra=LOADED))
        resources.append(_resource(number))
        states.append(Deployment(resources=tuple(resources), extra=LOADED))
    return states


def _stored(backend: FileBackend) -> dict[str, object]:
    latest = json.loads(backend.read(STACK))["checkpoint"]["latest"]
    return {key: latest.get(key, []) for key in ("resources", "pending_operations")}


def _expected(state: Deployment) -> dict[str, object]:
    latest = json.loads(StateCodec(None).dump(state))
    return {key: latest.get(key, []) for key in ("resources", "pending_operations")}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    backend = FileBackend(tmp_path.as_uri())
    backend.create(STACK, wrap_checkpoint("organization/shop/dev", StateCodec(None).dump(_large())))
    return tmp_path


def _recorder(backend: FileBackend) -> Recorder:
    codec, text = StateCodec(None), backend.read(STACK)
    stored = codec.load(json.loads(text)["checkpoint"]["latest"])
    return Recorder(backend, STACK, codec, stored=stored, size=len(text))


def _journal(place: Path) -> Path:
    return place / ".pulumi" / "stacks" / "shop" / "dev.json.journal"


def test_every_state_can_be_read_at_once_and_costs_only_what_changed(place: Path) -> None:
    backend = FileBackend(place.as_uri())
    recorder, base = _recorder(backend), _large().resources[0]
    for state in _states():
        recorder.record(state)
        assert _stored(FileBackend(place.as_uri())) == _expected(state)
    assert _journal(place).stat().st_size < STEPS * 1_000
    assert base.inputs["text"] not in _journal(place).read_text()


def test_a_journal_that_was_cut_off_anywhere_gives_the_last_state_that_was_whole(place: Path) -> None:
    recorder, states = _recorder(FileBackend(place.as_uri())), _states()
    for state in states:
        recorder.record(state)
    whole = _journal(place).read_bytes()
    for cut in range(0, len(whole), 97):
        _journal(place).write_bytes(whole[:cut])
        lines = whole[:cut].count(b"\n") - 1
        expected = states[lines - 1] if lines > 0 else _large()
        assert _stored(FileBackend(place.as_uri())) == _expected(expected)


def test_next_update_works_what_was_left_into_the_checkpoint_before_it_goes_on(place: Path) -> None:
    recorder, states = _recorder(FileBackend(place.as_uri())), _states()
    for state in states[:21]:
        recorder.record(state)
    backend = FileBackend(place.as_uri())
    with backend.lock(STACK, LockWish()):
        again = _recorder(backend)
        for state in states[21:]:
            again.record(state)
        assert _stored(FileBackend(place.as_uri())) == _expected(states[-1])
        backend.conclude(STACK, None, {"kind": "update"})
    assert not _journal(place).exists()
    assert _stored(FileBackend(place.as_uri())) == _expected(states[-1])


def test_process_killed_between_checkpoint_and_end_of_the_journal_leaves_nothing_to_do(place: Path) -> None:
    backend = FileBackend(place.as_uri())
    recorder, states = _recorder(backend), _states()
    recorder.record(states[0])
    left = _journal(place).read_bytes()
    backend.write(STACK, recorder.text(states[-1]))
    _journal(place).write_bytes(left)
    assert _stored(FileBackend(place.as_uri())) == _expected(states[-1])


def test_checkpoint_that_somebody_else_changed_is_not_mixed_with_a_journal(place: Path) -> None:
    recorder = _recorder(FileBackend(place.as_uri()))
    recorder.record(_states()[0])
    left = _journal(place).read_bytes()
    other = FileBackend(place.as_uri())
    for text in ("{}", "{ }"):
        other.write(STACK, text)
    _journal(place).write_bytes(left)
    with pytest.raises(StateError, match="changed by somebody else"):
        FileBackend(place.as_uri()).read(STACK)


def test_small_states_are_always_written_whole(tmp_path: Path) -> None:
    backend = FileBackend(tmp_path.as_uri())
    backend.create(STACK, wrap_checkpoint("organization/shop/dev", StateCodec(None).dump(Deployment())))
    recorder = _recorder(backend)
    recorder.record(Deployment(resources=(_resource(1),)))
    assert not _journal(tmp_path).exists()
    assert _stored(backend) == _expected(Deployment(resources=(_resource(1),)))


def test_state_that_is_not_sound_is_not_written(tmp_path: Path) -> None:
    backend = FileBackend(tmp_path.as_uri())
    backend.create(STACK, wrap_checkpoint("organization/shop/dev", StateCodec(None).dump(Deployment())))
    before = backend.read(STACK)
    orphan = replace(_resource(1), parent="urn:pulumi:dev::shop::a:b:C::nobody")
    with pytest.raises(StateError, match="nobody"):
        _recorder(backend).record(Deployment(resources=(orphan,)))
    assert backend.read(STACK) == before
