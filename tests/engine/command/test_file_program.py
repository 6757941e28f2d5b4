"""A program on disk, deployed by command line without Automation API."""

from __future__ import annotations

import json
from venv import EnvBuilder

import pytest

PROGRAM = """
import pulumi

class Thing(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("demo:index:Thing", name)
        self.register_outputs({})

Thing("one")
pulumi.export("size", pulumi.Config().require("size"))
print("printed by the program")
"""


def test_preview_up_and_destroy_of_a_program_on_disk(dev):
    (dev.directory / "__main__.py").write_text(PROGRAM)
    dev("config", "set", "size", "small")
    assert dev("preview", "--json") == 0, dev.complaint
    assert json.loads(dev.text)["changeSummary"] == {"create": 2}
    assert dev("up", "--yes") == 0, dev.complaint
    assert "    + 2 created" in dev.out
    assert "    + 2 to create" in dev.out
    assert any("printed by the program" in line for line in dev.out)
    assert dev("stack", "output", "size") == 0
    assert dev.text == "small"
    assert dev("up", "--skip-preview", "--yes", "--expect-no-changes") == 0, dev.complaint
    assert dev("destroy", "--yes", "--remove") == 0, dev.complaint
    assert "and the history and configuration removed" in dev.text


def test_a_program_with_a_syntax_error_fails_and_is_quoted(dev):
    (dev.directory / "__main__.py").write_text("import pulumi\nif True\n")
    assert dev("up", "--yes", "--skip-preview") == 1
    assert "SyntaxError" in dev.text + dev.complaint


def test_nothing_is_deployed_unasked(dev):
    (dev.directory / "__main__.py").write_text(PROGRAM)
    dev("config", "set", "size", "small")
    assert dev("up") == 2
    assert "--yes or --skip-preview or --preview-only must be passed" in dev.complaint
    assert dev("stack", "history", "--json") == 0
    assert json.loads(dev.text) == []


def test_a_missing_config_value_stops_it_before_anything_runs(dev):
    (dev.directory / "Pulumi.yaml").write_text("name: shop\nruntime: python\nconfig:\n  size: {type: string}\n")
    (dev.directory / "__main__.py").write_text(PROGRAM)
    assert dev("up", "--yes") == 1
    assert "missing configuration value 'size'" in dev.complaint


def test_another_runtime_is_refused(dev):
    (dev.directory / "Pulumi.yaml").write_text("name: shop\nruntime: nodejs\n")
    assert dev("up", "--yes") == 1
    assert "runtime 'nodejs'" in dev.complaint


HOOKED = """
import pulumi

hook = pulumi.ResourceHook("farewell", lambda args: print("farewell to " + args.name))
hooks = pulumi.ResourceHookBinding(before_delete=[hook])
pulumi.ComponentResource("demo:index:Thing", "one", {}, pulumi.ResourceOptions(hooks=hooks))
"""


def test_destroy_runs_the_program_when_hooks_need_it_and_one_says_so(dev):
    (dev.directory / "__main__.py").write_text(HOOKED)
    assert dev("up", "--yes", "--skip-preview") == 0, dev.complaint
    assert dev("destroy", "--yes") != 0
    assert "--run-program" in dev.text + dev.complaint
    assert dev("destroy", "--yes", "--run-program") == 0, dev.complaint
    assert any("farewell to one" in line for line in dev.out)


def test_a_virtualenv_without_the_sdk_is_told_in_one_line(dev):
    EnvBuilder(with_pip=False, symlinks=True).create(dev.directory / "empty")
    (dev.directory / "__main__.py").write_text("import pulumi\n")
    (dev.directory / "Pulumi.yaml").write_text(
        "name: shop\nruntime: {name: python, options: {virtualenv: empty}}\n", encoding="utf-8"
    )
    assert dev("up", "--yes", "--skip-preview") == 1
    assert "It looks like the Pulumi SDK has not been installed. Have you run pip install?" in dev.text
    assert "Traceback" not in dev.text


@pytest.mark.parametrize(
    ("main", "told"),
    [("nowhere", "could not be read"), ("/tmp", "must be a relative path"), ("../other", "must be a subfolder")],
)
def test_a_program_that_is_not_where_the_project_says_is_told(dev, main, told):
    (dev.directory / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\nmain: {main}\n", encoding="utf-8")
    assert dev("preview") == 1
    assert f"project 'main' {told}" in dev.complaint
