"""Programs on disk run in a process of their own, whose words and failures come through."""

from __future__ import annotations

import textwrap

from engine.deploy.api import ConfigValue, FileProgram, Operation, Outcome
from tests.engine.deploy.stage import Stage


def _run(stage: Stage, text: str, operation: Operation = Operation.UP) -> Outcome:
    (stage.directory / "__main__.py").write_text(textwrap.dedent(text))
    return stage.run(operation, FileProgram(root=stage.directory), {})


def _lines(stage: Stage) -> list[str]:
    lines = [one["diagnosticEvent"] for one in stage.events if "diagnosticEvent" in one]
    return [line["message"].rstrip("\n") for line in lines]


def test_program_registers_resources_and_reads_its_config(stage: Stage) -> None:
    stage.config["demo:word"] = ConfigValue("hi", secret=True)
    outcome = _run(
        stage,
        """
        import os, sys, pulumi
        config = pulumi.Config()
        class Thing(pulumi.CustomResource):
            def __init__(self, name, **props):
                super().__init__("cloud:index:Thing", name, props)
        Thing("a", value=config.require_secret("word"))
        print("printed", os.getcwd() == sys.argv[0], pulumi.get_project(), pulumi.get_stack())
        pulumi.export("folder", os.path.basename(os.getcwd()))
        """,
    )
    assert outcome.succeeded, stage.errors()
    assert stage.cloud.things == {"a-1": {"value": "hi"}}
    assert any(line.startswith("printed") and line.endswith("demo dev") for line in _lines(stage))
    assert stage.resource("demo-dev").outputs == {"folder": stage.directory.name}


def test_failing_program_shows_its_own_lines_only(stage: Stage) -> None:
    outcome = _run(stage, "def broken():\n    raise ValueError('a bug')\nbroken()\n")
    assert not outcome.succeeded
    (error,) = stage.errors()
    assert "ValueError: a bug" in error
    assert "execute.py" not in error


def test_program_that_cannot_be_read_fails_the_update(stage: Stage) -> None:
    assert not _run(stage, "x = (").succeeded
    assert "SyntaxError" in "\n".join(stage.errors())


def test_modules_of_the_engine_do_not_shadow_those_of_the_program(stage: Stage) -> None:
    (stage.directory / "log.py").write_text("WORD = 'mine'\n")
    assert _run(stage, "import log\nassert log.WORD == 'mine'\n").succeeded, stage.errors()
