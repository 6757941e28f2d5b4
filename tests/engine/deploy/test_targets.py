"""Targets and excludes: what is out of scope stays as it is, what is new there is not made yet."""

from __future__ import annotations

import pulumi

from engine.state import integrity
from tests.engine.deploy.stage import CloudSettings, Group, Stage, Thing

Opts = pulumi.ResourceOptions


def chain(value: str, *extra: str) -> None:
    """A thing, one that uses it, one that stands alone, and some more."""
    base = Thing("base", value=value)
    Thing("user", value=base.made, other=value)
    Thing("alone", value=value)
    for name in extra:
        Thing(name)


def urn(name: str, type: str = "cloud:index:Thing") -> str:
    return f"urn:pulumi:dev::demo::{type}::{name}"


def test_only_targets_change(stage: Stage) -> None:
    stage.up(lambda: chain("1"))
    stage.cloud.forget_calls()
    outcome = stage.up(lambda: chain("2"), targets=(urn("alone"),))
    assert outcome.succeeded, stage.errors()
    assert stage.cloud.calls[1:] == [("check", "alone"), ("diff", "alone"), ("update", "alone")]
    assert stage.resource("base").inputs == {"value": "1"}
    assert outcome.changes == {"same": 3, "update": 1}
    assert stage.up(lambda: chain("2")).changes == {"same": 2, "update": 2}


def test_wildcards_match_within_and_across_colons(stage: Stage) -> None:
    stage.up(lambda: chain("1"))
    assert stage.up(lambda: chain("2"), targets=("**::b*",)).changes == {"same": 3, "update": 1}
    assert stage.resource("base").inputs == {"value": "2"}
    assert stage.up(lambda: chain("2"), targets=("urn*alone",)).changes == {"same": 4}


def test_dependents_of_a_target_follow_when_they_shall(stage: Stage) -> None:
    stage.up(lambda: chain("1"))
    stage.cloud.forget_calls()
    assert stage.up(lambda: chain("2"), targets=(urn("base"),), target_dependents=True).succeeded
    assert stage.cloud.changes() == [("update", "base"), ("update", "user")]


def test_new_resource_out_of_scope_is_not_made(stage: Stage) -> None:
    stage.up(lambda: chain("1"))
    outcome = stage.up(lambda: chain("2", "new"), targets=(urn("alone"),))
    assert outcome.succeeded, stage.errors()
    assert set(stage.names()) == {"base", "user", "alone"}
    assert ("create", "new") not in stage.cloud.calls


def test_children_and_outputs_of_a_skipped_component_are_skipped_as_well(stage: Stage) -> None:
    def program() -> None:
        group = Group("group")
        Thing("child", opts=Opts(parent=group))
        group.register_outputs({"a": 1})
        Thing("alone")

    assert stage.up(program, targets=(urn("alone"),)).succeeded, stage.errors()
    assert set(stage.names()) == {"alone"}


def test_target_that_depends_on_a_skipped_create_is_an_error(stage: Stage) -> None:
    outcome = stage.up(lambda: chain("1"), targets=(urn("user"),))
    assert not outcome.succeeded
    text = f"Resource '{urn('user')}' depends on '{urn('base')}' which was was not specified in --target list."
    assert stage.errors() == [text]
    assert stage.cloud.changes() == []
    preview = stage.preview(lambda: chain("1"), targets=(urn("user"),))
    assert not preview.succeeded
    assert stage.errors() == [text]
    assert ("create", "user") in stage.ops(), "a preview goes on, to show all"


def test_target_that_matches_nothing_is_an_error(stage: Stage) -> None:
    stage.up(lambda: chain("1"))
    outcome = stage.up(lambda: chain("2"), targets=(urn("alone"), urn("nobody")))
    assert not outcome.succeeded
    assert stage.errors() == [
        f"Target '{urn('nobody')}' could not be found in the stack. Did you forget to escape $ in your shell?"
    ]
    assert stage.resource("alone").inputs == {"value": "2"}, "what could be done is done"
    assert stage.up(lambda: chain("2"), targets=("**nobody",)).succeeded, "a pattern may match nothing"


def test_providers_of_targets_need_not_be_named(stage: Stage) -> None:
    def program() -> None:
        settings = CloudSettings("eu", region="eu")
        Thing("a", opts=Opts(provider=settings))
        Thing("b")

    assert stage.up(program, targets=(urn("a"),)).succeeded, stage.errors()
    assert set(stage.names()) == {"eu", "a"}


def test_changed_provider_of_something_untargeted_is_an_error(stage: Stage) -> None:
    def program(provider: str) -> None:
        Thing("a", opts=Opts(provider=CloudSettings(provider)))
        Thing("b")

    stage.up(lambda: program("one"))
    assert not stage.up(lambda: program("two"), targets=(urn("b"),)).succeeded
    assert "has not been registered yet" in stage.errors()[0]


def test_resource_that_left_the_program_stays_unless_targeted(stage: Stage) -> None:
    stage.up(lambda: chain("1", "gone", "lost"))
    outcome = stage.up(lambda: chain("1"), targets=(urn("gone"),))
    assert outcome.succeeded, stage.errors()
    assert stage.cloud.names("delete") == ["gone"]
    assert set(stage.names()) == {"base", "user", "alone", "lost"}


def test_untargeted_user_keeps_what_it_needs_and_the_program_dropped(stage: Stage) -> None:
    stage.up(lambda: chain("1"))

    def program() -> None:
        Thing("user", value="none", other="2")
        Thing("alone", value="2")

    assert stage.up(program, targets=(urn("alone"),)).succeeded, stage.errors()
    integrity.check(stage.state)
    assert set(stage.names()) == {"base", "user", "alone"}
    assert stage.up(program).changes == {"same": 2, "update": 1, "delete": 1}


def test_deleting_more_than_was_asked_for_is_refused(stage: Stage) -> None:
    stage.up(lambda: chain("1"))
    outcome = stage.up(lambda: None, targets=(urn("base"),))
    assert not outcome.succeeded
    assert stage.errors() == [
        f"Resource '{urn('user')}' will be destroyed but was not specified in --target list.\n"
        "Either include resource in --target list or pass --target-dependents to proceed."
    ]
    assert stage.cloud.names("delete") == []
    assert stage.up(lambda: None, targets=(urn("base"),), target_dependents=True).succeeded
    assert set(stage.names()) == {"alone"}


def test_excluded_resource_stays(stage: Stage) -> None:
    stage.up(lambda: chain("1", "gone"))
    stage.cloud.forget_calls()
    outcome = stage.up(lambda: chain("2", "new"), excludes=(urn("alone"), urn("gone"), urn("new")))
    assert outcome.succeeded, stage.errors()
    assert stage.cloud.changes() == [("update", "base"), ("update", "user")]
    assert set(stage.names()) == {"base", "user", "alone", "gone"}


def test_dependents_of_an_excluded_resource_stay_when_they_shall(stage: Stage) -> None:
    stage.up(lambda: chain("1"))
    stage.cloud.forget_calls()
    assert stage.up(lambda: chain("2"), excludes=(urn("base"),), exclude_dependents=True).succeeded
    assert stage.cloud.changes() == [("update", "alone")]


def test_what_an_excluded_resource_needs_is_not_deleted(stage: Stage) -> None:
    stage.up(lambda: chain("1"))
    assert stage.up(lambda: None, excludes=(urn("user"),)).succeeded, stage.errors()
    assert set(stage.names()) == {"base", "user"}


def test_replacement_on_demand_needs_no_difference(stage: Stage) -> None:
    stage.up(lambda: chain("1"))
    stage.cloud.forget_calls()
    outcome = stage.up(lambda: chain("1"), replace=("**::al*",))
    assert outcome.changes == {"same": 3, "replace": 1}, stage.errors()
    assert [call for call in stage.cloud.calls if call[1] == "alone"] == [
        ("check", "alone"),
        ("create", "alone"),
        ("delete", "alone"),
    ]


def test_destroy_of_a_target_needs_its_dependents(stage: Stage) -> None:
    stage.up(lambda: chain("1"))
    assert not stage.destroy(targets=(urn("base"),)).succeeded
    assert f"Resource '{urn('user')}' will be destroyed" in stage.errors()[0]
    assert stage.destroy(targets=(urn("base"),), target_dependents=True).succeeded
    assert set(stage.names()) == {"alone"}


def test_destroy_can_exclude(stage: Stage) -> None:
    stage.up(lambda: chain("1"))
    assert stage.destroy(excludes=(urn("user"),)).succeeded, stage.errors()
    assert set(stage.names()) == {"base", "user"}


def test_destroy_and_refresh_know_what_is_not_there(stage: Stage) -> None:
    stage.up(lambda: chain("1"))
    for run in (stage.destroy, stage.refresh):
        assert not run(targets=(urn("nobody"),)).succeeded
        assert stage.errors() == [f"no resource named '{urn('nobody')}' found"]


def test_refresh_reads_targets_only(stage: Stage) -> None:
    stage.up(lambda: chain("1"))
    stage.cloud.forget_calls()
    assert stage.refresh(targets=(urn("base"),)).succeeded
    assert stage.cloud.names("read") == ["base"]
    stage.cloud.forget_calls()
    assert stage.refresh(targets=(urn("base"),), target_dependents=True).succeeded
    assert set(stage.cloud.names("read")) == {"base", "user"}
    stage.cloud.forget_calls()
    assert stage.refresh(excludes=(urn("base"),), exclude_dependents=True).succeeded
    assert stage.cloud.names("read") == ["alone"]
