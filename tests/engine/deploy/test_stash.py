"""A stash keeps the first value that it was given, until it is replaced."""

from __future__ import annotations

from typing import Any

import pulumi

from engine.values import Secret
from tests.engine.deploy.stage import Stage


def _stash(value: Any) -> Any:
    return lambda: (pulumi.Stash("kept", input=value), None)[1]


def test_first_value_stays_while_the_input_moves_on(stage: Stage) -> None:
    assert stage.preview(_stash("one")).succeeded, stage.errors()
    assert stage.up(_stash("one")).succeeded, stage.errors()
    assert stage.resource("kept").outputs == {"input": "one", "output": "one"}
    id = stage.resource("kept").id
    assert stage.up(_stash("one")).changes == {"same": 2}
    assert stage.up(_stash("two")).changes == {"same": 1, "update": 1}
    assert stage.resource("kept").outputs == {"input": "two", "output": "one"}
    assert stage.resource("kept").id == id


def test_replacement_takes_the_new_value(stage: Stage) -> None:
    stage.up(_stash("one"))
    stage.up(_stash("two"), replace=(stage.resource("kept").urn,))
    assert stage.resource("kept").outputs == {"input": "two", "output": "two"}


def test_stashed_secret_stays_secret(stage: Stage) -> None:
    assert stage.up(lambda: (pulumi.Stash("kept", input=pulumi.Output.secret("hunter2")), None)[1]).succeeded
    assert stage.resource("kept").outputs == {"input": Secret("hunter2"), "output": Secret("hunter2")}


def test_other_types_of_the_own_package_are_refused_by_name(stage: Stage) -> None:
    assert not stage.up(lambda: (pulumi.CustomResource("pulumi:index:Magic", "m"), None)[1]).succeeded
    assert "unrecognized resource type 'pulumi:index:Magic'" in stage.errors()[0]
