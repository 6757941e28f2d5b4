"""However a program on disk ends, its update ends too, in the way that Pulumi's does."""

from __future__ import annotations

import os
import textwrap
import threading
import time
from pathlib import Path

import pytest

from engine.deploy.api import ConfigValue, FileProgram, Operation, Outcome
from tests.engine.deploy.stage import Stage

THING = """
import pulumi
class Thing(pulumi.CustomResource):
    def __init__(self, name, opts=None, **props):
        super().__init__("cloud:index:Thing", name, {"made": None, **props}, opts)
"""


def run(stage: Stage, text: str) -> Outcome:
    """Deploy a program of that text."""
    (stage.directory / "__main__.py").write_text(THING + textwrap.dedent(text))
    return stage.run(Operation.UP, FileProgram(root=stage.directory), {})


def lines(stage: Stage) -> list[str]:
    """All lines that were shown."""
    found = [one["diagnosticEvent"] for one in stage.events if "diagnosticEvent" in one]
    return [line["message"].rstrip("\n") for line in found]


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("import sys; sys.exit(3)", ["an unhandled error occurred: program exited with non-zero exit code: 3"]),
        (
            "raise pulumi.RunError('in my own words')",
            ["in my own words", "an unhandled error occurred: program exited with non-zero exit code: 1"],
        ),
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
            ["an unhandled error occurred: program exited with non-zero exit code: -1 (signal 9)"],
        ),
    ],
    ids=["exit", "run-error", "killed"],
)
def test_failure_is_told_in_words_that_automation_knows(stage: Stage, text: str, errors: list[str]) -> None:
    assert not run(stage, f"Thing('a')\n{text}").succeeded
    assert stage.errors() == errors


def test_exception_is_shown_once_with_the_lines_of_the_program(stage: Stage) -> None:
    assert not run(stage, "def broken():\n    raise KeyError('lost')\nbroken()").succeeded
    (error,) = stage.errors()
    assert error.startswith("Program failed with an unhandled exception:\nTraceback")
    assert "in broken" in error
    assert "KeyError: 'lost'" in error


def test_program_that_fails_deletes_nothing_even_if_one_is_to_continue_on_errors(stage: Stage) -> None:
    assert run(stage, "Thing('a')\nThing('b')").succeeded, stage.errors()
    (stage.directory / "__main__.py").write_text(THING + "Thing('a')\nraise ValueError('a bug')")
    outcome = stage.run(Operation.UP, FileProgram(root=stage.directory), {"continue_on_error": True})
    assert not outcome.succeeded
    assert stage.names() == ["a", "b"]
    assert len(stage.cloud.things) == 2


def test_program_that_exits_with_zero_has_said_all_it_wants(stage: Stage) -> None:
    assert run(stage, "import sys\nThing('a')\nsys.exit(0)").succeeded, stage.errors()
    assert stage.names() == ["a"]


def test_last_words_of_an_exit_are_shown(stage: Stage) -> None:
    assert not run(stage, "import sys; sys.exit('I give up')").succeeded
    assert "I give up" in lines(stage)


def test_folder_without_a_program_is_named(stage: Stage) -> None:
    outcome = stage.run(Operation.UP, FileProgram(root=stage.directory), {})
    assert not outcome.succeeded
    assert stage.errors() == [f"unable to find main python program `__main__.py` in `{stage.directory}`"]


def test_everything_printed_is_shown_even_without_a_line_end(stage: Stage) -> None:
    text = "import sys\nprint('out')\nsys.stderr.write('err')\nsys.stdout.write('x' * 300000)\nThing('a')"
    assert run(stage, text).succeeded, stage.errors()
    shown = lines(stage)
    assert "out" in shown
    assert "err" in shown
    assert "x" * 300000 in shown


def test_child_that_outlives_the_program_does_not_hold_up_the_update(stage: Stage) -> None:
    began = time.monotonic()
    text = """
    import subprocess
    Thing("a")
    child = subprocess.Popen(["sleep", "30"])
    print(child.pid)
    """
    assert run(stage, text).succeeded, stage.errors()
    assert time.monotonic() - began < 20
    os.kill(int(lines(stage)[0]), 9)


def test_forked_child_leaves_the_program_alone(stage: Stage) -> None:
    text = """
    import os
    child = os.fork()
    if child == 0:
        os.write(1, b"from the child\\n")
        os._exit(0)
    os.waitpid(child, 0)
    Thing("a")
    """
    assert run(stage, text).succeeded, stage.errors()
    assert "from the child" in lines(stage)
    assert stage.names() == ["a"]


def test_thread_that_outlives_the_program_is_waited_for(stage: Stage) -> None:
    text = """
    import threading, time
    threading.Thread(target=lambda: (time.sleep(0.5), print("late"))).start()
    Thing("a")
    """
    assert run(stage, text).succeeded, stage.errors()
    assert "late" in lines(stage)


@pytest.mark.parametrize(
    "task",
    [
        "asyncio.sleep(3600)",
        "stubborn()",
        "broken()",
    ],
)
def test_tasks_that_are_left_behind_are_dropped(stage: Stage, task: str) -> None:
    began = time.monotonic()
    text = f"""
    import asyncio
    async def stubborn():
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                pass
    async def broken():
        await asyncio.sleep(0.05)
        raise ValueError("nobody asked")
    task = asyncio.ensure_future({task})
    Thing("a")
    """
    assert run(stage, text).succeeded, stage.errors()
    assert time.monotonic() - began < 20
    assert "Traceback" not in "\n".join(lines(stage))


@pytest.mark.parametrize(
    "text", ["while True: time.sleep(1)", "signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(1)"]
)
def test_program_that_hangs_is_ended_by_a_cancellation(stage: Stage, text: str) -> None:
    threading.Timer(2, stage.cancel.set).start()
    began = time.monotonic()
    assert not run(stage, f"import signal, time\nThing('a')\n{text}").succeeded
    assert time.monotonic() - began < 25


def test_program_leaves_no_trace_for_its_next_run(stage: Stage) -> None:
    (stage.directory / "memory.py").write_text("runs = []\n")
    stage.config["demo:word"] = ConfigValue("hush", secret=True)
    text = """
    import os, sys, memory
    memory.runs.append(1)
    pulumi.export("runs", len(memory.runs))
    pulumi.export("clean", "MF_TEST_MARK" not in os.environ and os.getcwd() == sys.argv[0])
    pulumi.export("other", pulumi.Config().get("other") is None)
    pulumi.runtime.set_config("demo:other", "leaked")
    os.environ["MF_TEST_MARK"] = "1"
    os.chdir("/")
    sys.path.insert(0, "/nowhere")
    pulumi.export("config", "PULUMI_CONFIG" in os.environ)
    """
    before = (Path.cwd(), dict(os.environ))
    for _ in range(2):
        assert run(stage, text).succeeded, stage.errors()
        assert stage.resource("demo-dev").outputs == {"runs": 1, "clean": True, "other": True, "config": False}
    assert (Path.cwd(), dict(os.environ)) == before


def test_hooks_and_transforms_of_a_program_on_disk_are_called(stage: Stage) -> None:
    text = """
    def louder(args):
        if args.type_ == "cloud:index:Thing":
            return pulumi.ResourceTransformResult({**args.props, "value": args.props["value"] + "!"}, args.opts)
    pulumi.runtime.register_resource_transform(louder)
    hook = pulumi.ResourceHook("told", lambda args: print("told of", args.id))
    hooks = pulumi.ResourceHookBinding(after_create=[hook], before_delete=[hook])
    if not pulumi.Config().get_bool("gone"):
        Thing("a", value="x", opts=pulumi.ResourceOptions(hooks=hooks))
    """
    assert run(stage, text).succeeded, stage.errors()
    assert stage.resource("a").inputs == {"value": "x!"}
    assert "told of a-1" in lines(stage)
    stage.config["demo:gone"] = ConfigValue("true")
    assert run(stage, text).succeeded, stage.errors()
    assert "told of a-1" in lines(stage)
    assert stage.names() == []
