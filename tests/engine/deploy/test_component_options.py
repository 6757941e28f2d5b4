"""Options that a component keeps, but that only its own code can heed."""

from __future__ import annotations

import pulumi

from tests.engine.deploy.stage import Group, Stage


def test_additional_secret_outputs_of_a_component_are_kept_and_change_nothing(stage: Stage) -> None:
    def program() -> None:
        group = Group("group", pulumi.ResourceOptions(additional_secret_outputs=["word"]))
        group.register_outputs({"word": "plain"})

    assert stage.up(program).succeeded, stage.errors()
    group = stage.resource("group")
    assert group.additional_secret_outputs == ("word",)
    assert group.outputs == {"word": "plain"}
