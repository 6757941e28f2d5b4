"""A refresh runs the program only when asked to: then its providers have the settings that the program gives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi

from engine.deploy.api import InlineProgram, Operation, Outcome
from tests.engine.deploy.stage import CloudSettings, Stage, Thing, hosted


def refresh(stage: Stage, program: Callable[[], None], **options: Any) -> Outcome:
    """Refresh the stack while its program runs."""
    with hosted(program) as address:
        return stage.run(Operation.REFRESH, InlineProgram(address=address), options)


def things(token: str, *names: str) -> Callable[[], None]:
    """A program with things of a provider with a token."""

    def program() -> None:
        settings = CloudSettings("settings", token=token)
        for name in names:
            Thing(name, value="x", opts=pulumi.ResourceOptions(provider=settings))

    return program


def test_resources_are_read_with_the_newest_settings(stage: Stage) -> None:
    assert stage.up(things("old", "a")).succeeded, stage.errors()
    stage.cloud.things["a-1"]["value"] = "changed"
    stage.cloud.configured.clear()
    assert refresh(stage, things("new", "a")).succeeded, stage.errors()
    assert stage.cloud.configured[-1]["token"] == "new"
    assert stage.resource("a").outputs["value"] == "changed"
    assert stage.resource("settings").inputs["token"] == "new"


def test_nothing_is_made_changed_or_deleted(stage: Stage) -> None:
    assert stage.up(things("old", "a", "gone")).succeeded, stage.errors()
    stage.cloud.forget_calls()
    assert refresh(stage, things("old", "a", "new")).succeeded, stage.errors()
    assert stage.cloud.changes() == []
    assert sorted(stage.cloud.names("read")) == ["a", "gone"]
    assert sorted(stage.names()) == ["a", "gone", "settings"]


def test_what_is_gone_is_forgotten(stage: Stage) -> None:
    assert stage.up(things("old", "a", "b")).succeeded, stage.errors()
    stage.cloud.things.clear()
    assert refresh(stage, things("old", "a", "b")).succeeded, stage.errors()
    assert stage.names() == ["settings"]
