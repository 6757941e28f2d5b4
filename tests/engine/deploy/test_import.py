"""Resources that exist already are taken over: the `import_` option."""

from __future__ import annotations

import pulumi

from engine.provider_api import CheckRequest, ReadReply, ReadRequest
from engine.values import Secret
from tests.engine.deploy.stage import Stage, Thing

Opts = pulumi.ResourceOptions


def program(import_id: str | None, **inputs: object) -> None:
    Thing("a", opts=Opts(import_=import_id), **inputs)


def test_imported_resource_is_read_and_kept(stage: Stage) -> None:
    stage.cloud.things["x-1"] = {"value": "there"}
    outcome = stage.up(lambda: program("x-1", value="there"))
    assert outcome.succeeded, stage.errors()
    assert outcome.changes == {"create": 1, "import": 1}
    assert stage.cloud.calls[1:] == [("read", "a"), ("check", "a"), ("diff", "a")]
    request = stage.cloud.request(ReadRequest, "a")
    assert (request.id, request.inputs, request.outputs) == ("x-1", {}, {})
    assert stage.cloud.request(CheckRequest, "a").olds == {"value": "there"}
    kept = stage.resource("a")
    assert (kept.id, kept.import_id, kept.inputs) == ("x-1", "x-1", {"value": "there"})
    assert kept.created == kept.modified != ""
    assert "importing" in [one.type for save in stage.saves for one in save.pending]


def test_import_is_done_only_once(stage: Stage) -> None:
    stage.cloud.things["x-1"] = {"value": "there"}
    stage.up(lambda: program("x-1", value="there"))
    stage.cloud.forget_calls()
    assert stage.up(lambda: program("x-1", value="there")).changes == {"same": 2}
    assert stage.cloud.names("read") == []
    assert stage.up(lambda: program(None, value="there")).changes == {"same": 2}, "the option may go afterwards"
    assert stage.resource("a").import_id == ""


def test_difference_is_an_update_right_after_the_import(stage: Stage) -> None:
    stage.cloud.things["x-1"] = {"value": "there"}
    preview = stage.preview(lambda: program("x-1", value="wanted"))
    assert preview.changes == {"create": 1, "import": 1, "update": 1}
    outcome = stage.up(lambda: program("x-1", value="wanted"))
    assert outcome.changes == preview.changes, stage.errors()
    assert stage.cloud.things["x-1"] == {"value": "wanted"}
    assert stage.resource("a").id == "x-1"


def test_import_that_would_need_a_replacement_is_an_error(stage: Stage) -> None:
    stage.cloud.things["x-1"] = {"key": "1"}
    assert stage.preview(lambda: program("x-1", key="2")).succeeded
    assert ("replace", "a") in stage.ops()
    assert not stage.up(lambda: program("x-1", key="2")).succeeded
    assert "may not be replaced" in stage.errors()[0]
    assert stage.cloud.things == {"x-1": {"key": "1"}}
    assert stage.resource("a").id == "x-1", "it was imported all the same"


def test_what_does_not_exist_cannot_be_imported(stage: Stage) -> None:
    assert not stage.up(lambda: program("x-1")).succeeded
    assert stage.errors() == ["resource 'x-1' does not exist"]
    assert stage.names() == []


def test_provider_that_gives_no_inputs_cannot_import(stage: Stage) -> None:
    stage.cloud.on("read", "a", lambda request: ReadReply(id=request.id, outputs={"value": "1"}))
    assert not stage.up(lambda: program("x-1")).succeeded
    assert "does not support importing" in stage.errors()[0]


def test_import_of_another_id_replaces_what_was_managed(stage: Stage) -> None:
    stage.up(lambda: program(None, value="1"))
    stage.cloud.things["x-1"] = {"value": "1"}
    outcome = stage.up(lambda: program("x-1", value="1"))
    assert outcome.succeeded, stage.errors()
    assert outcome.changes == {"same": 1, "replace": 1}
    assert ("import-replacement", "a") in stage.ops()
    assert stage.cloud.things == {"x-1": {"value": "1"}}, "the managed one is deleted in the end"
    assert [one.id for one in stage.state.resources if one.urn == stage.resource("a").urn] == ["x-1"]


def test_external_resource_can_be_taken_over(stage: Stage) -> None:
    stage.cloud.things["x-1"] = {"value": "1"}
    stage.up(lambda: (Thing("a", opts=Opts(id="x-1")), None)[1])
    assert stage.resource("a").external
    assert stage.up(lambda: program("x-1", value="1")).succeeded, stage.errors()
    assert not stage.resource("a").external
    assert stage.cloud.changes() == []


def test_secrets_of_the_program_stay_secret_in_what_was_imported(stage: Stage) -> None:
    stage.cloud.things["x-1"] = {"value": "hush"}
    assert stage.up(lambda: program("x-1", value=pulumi.Output.secret("hush"))).succeeded
    assert stage.resource("a").inputs == {"value": Secret("hush")}
    assert stage.resource("a").outputs["value"] == Secret("hush")


def test_ignored_changes_hold_for_imports(stage: Stage) -> None:
    stage.cloud.things["x-1"] = {"value": "there"}
    opts = Opts(import_="x-1", ignore_changes=["value"])
    outcome = stage.up(lambda: (Thing("a", value="mine", opts=opts), None)[1])
    assert outcome.changes == {"create": 1, "import": 1}, stage.errors()
    assert stage.resource("a").inputs == {"value": "there"}
