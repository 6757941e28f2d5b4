"""A destroy runs the program only when asked to: for the sake of the hooks that know of deletions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from engine.deploy.api import InlineProgram, Operation, Outcome
from tests.engine.deploy.stage import CloudSettings, Group, Stage, Thing, hosted, void


def destroy(stage: Stage, program: Callable[[], None], **options: Any) -> Outcome:
    """Destroy the stack while its program runs."""
    with hosted(program) as address:
        return stage.run(Operation.DESTROY, InlineProgram(address=address), options)


def noting(moment: str, told: list[str]) -> Callable[[pulumi.ResourceHookArgs], None]:
    """What a hook of that moment does."""
    return lambda args: told.append(f"{moment} {args.name}")


def hooked(told: list[str]) -> Callable[[], None]:
    """A program with hooks on the deletion of a thing, and on that of the component around it."""

    def program() -> None:
        moments = ("before_delete", "after_delete")
        hooks: dict[str, Any] = {moment: [pulumi.ResourceHook(moment, noting(moment, told))] for moment in moments}
        options = pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(**hooks))
        group = Group("g", opts=options)
        Thing("a", value="x", opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(parent=group)))

    return program


def test_destroy_without_the_program_refuses_to_pass_over_hooks(stage: Stage) -> None:
    assert stage.up(hooked([])).succeeded, stage.errors()
    assert not stage.destroy().succeeded
    lines = stage.errors()
    assert (
        lines[:2]
        == ["Resource has delete hooks registered, but the program is not running. Hooks: before_delete, after_delete"]
        * 2
    )
    assert lines[2:] == ["You must run with the `--run-program` flag to use delete hooks during destroy."]
    assert stage.names() == ["g", "a"]


def test_destroy_with_the_program_runs_its_hooks(stage: Stage) -> None:
    told: list[str] = []
    assert stage.up(hooked(told)).succeeded, stage.errors()
    outcome = destroy(stage, hooked(told))
    assert outcome.succeeded, stage.errors()
    assert told == ["before_delete a", "after_delete a", "before_delete g", "after_delete g"]
    assert stage.state.resources == ()
    assert stage.cloud.things == {}


def test_destroy_with_the_program_makes_and_changes_nothing(stage: Stage) -> None:
    def program(value: str, *, more: bool) -> Callable[[], None]:
        def run() -> None:
            settings = CloudSettings("settings", region="north")
            provided = pulumi.ResourceOptions(provider=settings)
            a = Thing("a", value=value, opts=provided)
            if more:
                new = Thing("new", value=a.made, opts=provided)
                Thing("needy", value=new.made, opts=provided)

        return run

    assert stage.up(program("x", more=False)).succeeded, stage.errors()
    stage.cloud.forget_calls()
    assert destroy(stage, program("y", more=True)).succeeded, stage.errors()
    assert stage.cloud.changes() == [("delete", "a")]
    assert stage.state.resources == ()


def test_what_the_program_does_not_have_any_more_goes_too(stage: Stage) -> None:
    assert stage.up(lambda: void(Thing("b", value=Thing("a").made))).succeeded
    assert destroy(stage, lambda: void(Thing("a"))).succeeded, stage.errors()
    assert stage.cloud.names("delete") == ["b", "a"]
    assert stage.state.resources == ()


def test_preview_of_a_destroy_with_the_program_deletes_nothing(stage: Stage) -> None:
    told: list[str] = []
    assert stage.up(hooked(told)).succeeded, stage.errors()
    assert destroy(stage, hooked(told), dry_run=True).succeeded, stage.errors()
    assert told == []
    assert stage.names() == ["g", "a"]
    assert ("delete", "a") in stage.ops()


def test_program_that_fails_keeps_everything(stage: Stage) -> None:
    def broken() -> None:
        raise ValueError("a bug")

    assert stage.up(lambda: void(Thing("a"))).succeeded
    assert not destroy(stage, broken).succeeded
    assert stage.names() == ["a"]


@pytest.mark.parametrize("fails", ["before", "after"])
def test_hook_that_fails_fails_the_destroy(stage: Stage, fails: str) -> None:
    def fail(_args: pulumi.ResourceHookArgs) -> None:
        raise ValueError("no way")

    def program() -> None:
        hooks: dict[str, Any] = {f"{fails}_delete": [pulumi.ResourceHook("mine", fail)]}
        Thing("a", opts=pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(**hooks)))

    assert stage.up(program).succeeded, stage.errors()
    assert not destroy(stage, program).succeeded
    assert f'{fails} hook "mine" failed: no way' in stage.errors()
    assert bool(stage.cloud.things) is (fails == "before")
