"""Programs on disk run in a process of their own, whose words and failures come through."""

from __future__ import annotations

import textwrap
import threading
import time

import pytest

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


@pytest.mark.parametrize(
    ("text", "told"), [("import sys; sys.exit(3)", "exited with code 3"), ("x = (", "SyntaxError")]
)
def test_program_that_ends_badly_fails_the_update(stage: Stage, text: str, told: str) -> None:
    assert not _run(stage, text).succeeded
    assert told in "\n".join(stage.errors())


def test_cancelled_program_is_ended(stage: Stage) -> None:
    threading.Timer(1.5, stage.cancel.set).start()
    began = time.monotonic()
    outcome = _run(stage, "import time\ntime.sleep(60)\n")
    assert not outcome.succeeded
    assert time.monotonic() - began < 20


def test_modules_of_the_engine_do_not_shadow_those_of_the_program(stage: Stage) -> None:
    (stage.directory / "log.py").write_text("WORD = 'mine'\n")
    assert _run(stage, "import log\nassert log.WORD == 'mine'\n").succeeded, stage.errors()
