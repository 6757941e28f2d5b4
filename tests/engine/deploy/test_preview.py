"""A preview changes nothing, and says 'unknown' where only the update can know."""

from __future__ import annotations

import pulumi

from engine.provider_api import CheckRequest, CreateRequest
from engine.values import UNKNOWN
from tests.engine.deploy.cloud import unknown
from tests.engine.deploy.stage import CloudSettings, Stage, Thing


def test_preview_of_a_create_gives_unknown_outputs_to_dependents(stage: Stage) -> None:
    seen: list[str] = []

    def program() -> None:
        a = Thing("a", value="x")
        a.made.apply(seen.append)
        Thing("b", value=a.made, key=a.value)

    outcome = stage.preview(program)
    assert outcome.succeeded, stage.errors()
    assert seen == []
    assert stage.cloud.changes() == []
    assert outcome.changes == {"create": 3}
    assert unknown(stage.cloud.request(CreateRequest, "b").inputs) == ["value"]
    assert stage.cloud.request(CreateRequest, "b").inputs["key"] == "x", "what is known must come through"
    assert stage.saves == []


def test_preview_shows_deletes_replacements_and_updates_without_doing_them(stage: Stage) -> None:
    def before() -> None:
        Thing("a", key="1")
        Thing("b", value="1")
        Thing("c", key="1", fixed=True)
        Thing("gone")

    def after() -> None:
        Thing("a", key="2")
        Thing("b", value="2")
        Thing("c", key="2", fixed=True)

    stage.up(before)
    stage.cloud.forget_calls()
    state = stage.state
    outcome = stage.preview(after)
    assert outcome.succeeded, stage.errors()
    assert stage.cloud.changes() == []
    assert outcome.changes == {"same": 1, "replace": 2, "update": 1, "delete": 1}
    assert [op for op in stage.ops() if op[1] == "c"] == [
        ("delete-replaced", "c"),
        ("replace", "c"),
        ("create-replacement", "c"),
    ]
    assert stage.state == state


def test_preview_of_no_changes_knows_all_outputs(stage: Stage) -> None:
    seen: list[str] = []

    def program() -> None:
        Thing("a", value="x").made.apply(seen.append)

    stage.up(program)
    stage.preview(program)
    assert seen == ["a-1", "a-1"]


def test_provider_whose_settings_are_unknown_is_not_asked_anything(stage: Stage) -> None:
    def program() -> None:
        a = Thing("a")
        elsewhere = CloudSettings("elsewhere", region=a.made)
        Thing("b", value="x", opts=pulumi.ResourceOptions(provider=elsewhere))
        answer = pulumi.runtime.invoke("cloud:index:echo", {"x": 1}, pulumi.InvokeOptions(provider=elsewhere))
        del answer

    outcome = stage.preview(program)
    assert outcome.succeeded, stage.errors()
    assert "b" not in stage.cloud.names("check")
    assert len(stage.cloud.configured) == 1, "only the default provider"

    stage.cloud.forget_calls()
    assert stage.up(program).succeeded
    assert stage.cloud.configured[-1] == {"region": "a-1"}


def test_unknown_never_reaches_a_provider_outside_previews(stage: Stage) -> None:
    def program() -> None:
        a = Thing("a", value="x")
        Thing("b", value=a.made)

    stage.up(program)
    checks = [one for one in stage.cloud.requests if isinstance(one, CheckRequest)]
    assert all(UNKNOWN not in one.news.values() for one in checks)
