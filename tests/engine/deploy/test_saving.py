"""The state is written before and after every change, always valid; when it can't be, nothing more is changed."""

from __future__ import annotations

import pytest

from engine.errors import StateError
from engine.state.model import Deployment
from engine.urn import name_of
from tests.engine.deploy.stage import Stage, Thing


def _program() -> None:
    a = Thing("a")
    Thing("b", value=a.made)


def test_step_is_announced_before_its_call_and_remembered_after_it(stage: Stage) -> None:
    seen: list[list[tuple[str, str]]] = []

    def look(_: object) -> None:
        pending = stage.saves[-1].pending
        seen.append([(one.type, name_of(one.resource.urn)) for one in pending])

    for call in ("create", "update", "delete"):
        stage.cloud.on(call, "a", look)
    stage.up(_program)
    stage.up(lambda: (Thing("a", value="new"), None)[1])
    stage.up(lambda: None)
    assert seen == [[("creating", "a")], [("updating", "a")], [("deleting", "a")]]
    assert stage.saves[-1].pending == ()
    assert stage.state == stage.saves[-1]


def test_dependents_are_only_saved_after_what_they_need(stage: Stage) -> None:
    stage.up(_program)
    sizes = [len(save.resources) for save in stage.saves]
    assert sizes == sorted(sizes), "each save was checked by the stage as well"


def test_update_stops_when_the_state_cannot_be_saved(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(deployment: Deployment) -> None:
        if any(name_of(one.resource.urn) == "b" for one in deployment.pending):
            raise OSError("no space left on device")

    monkeypatch.setattr(stage, "_save", full)
    outcome = stage.up(_program)
    assert not outcome.succeeded
    assert stage.errors() == ["the state could not be saved: no space left on device"]
    assert stage.cloud.names("create") == ["a"]


def test_last_save_that_fails_is_an_error_of_the_update(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(deployment: Deployment) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(stage, "_save", full)
    with pytest.raises(StateError, match="no space left"):
        stage.up(_program)
