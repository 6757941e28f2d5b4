"""Command lines are read as Pulumi reads them."""

from __future__ import annotations

import pytest

from engine.command.table import commands, find
from engine.errors import UnsupportedError, UsageError


def test_flags_may_stand_before_between_and_behind_words():
    command, line = find(["--non-interactive", "stack", "--stack", "dev", "select", "-c"])
    assert command.path == ("stack", "select")
    assert line.on("non-interactive")
    assert line.on("create")
    assert line.text("stack") == "dev"


def test_two_dashes_end_the_flags():
    _, line = find(["config", "set", "key", "--plaintext", "--", "--value"])
    assert line.words == ["key", "--value"]
    assert line.on("plaintext")


def test_values_may_be_attached_or_follow():
    _, line = find(["up", "--target=a", "--target", "b", "-p4", "--yes=false", "--run-program=true"])
    assert line.list("target") == ["a", "b"]
    assert line.text("parallel") == "4"
    assert not line.on("yes")
    assert line.on("run-program")


@pytest.mark.parametrize("argv", [["watch"], ["stack", "schedule"], ["state", "edit", "x"], ["policy", "ls"]])
def test_a_command_that_is_not_ours_is_refused_by_name(argv):
    with pytest.raises(UnsupportedError, match=rf"`pulumi {argv[0]}.* is not supported .* nothing was changed"):
        find(argv)


def test_a_flag_that_pulumi_has_and_we_have_not_is_refused_by_name():
    with pytest.raises(UnsupportedError, match="--save-plan is not supported"):
        find(["up", "--save-plan", "x"])


def test_an_unknown_flag_and_a_missing_value_are_told():
    with pytest.raises(UsageError, match="unknown flag: --colour"):
        find(["up", "--colour", "x"])
    with pytest.raises(UsageError, match="needs an argument: --parallel"):
        find(["up", "--parallel"])


def test_the_number_of_arguments_is_checked():
    with pytest.raises(UsageError, match="accepts 1 arg\\(s\\), received 0"):
        find(["config", "get"])
    with pytest.raises(UsageError, match="accepts at most 1 arg\\(s\\), received 2"):
        find(["stack", "init", "a", "b"])


def test_every_command_says_what_it_is_for():
    assert all(command.summary for command in commands().values())


def test_letters_may_be_put_together():
    _, line = find(["up", "-yf"])
    assert line.on("yes") and line.on("skip-preview")
    _, line = find(["up", "-yfp4", "-rs", "dev"])
    assert line.on("yes") and line.on("skip-preview") and line.on("refresh")
    assert (line.text("parallel"), line.text("stack")) == ("4", "dev")
    with pytest.raises(UsageError, match="unknown shorthand flag: 'Z'"):
        find(["up", "-yZ"])


@pytest.mark.parametrize(("text", "value"), [("True", True), ("1", True), ("F", False), ("false", False)])
def test_switches_take_the_truths_of_go(text, value):
    _, line = find(["destroy", f"--preview-only={text}"])
    assert line.on("preview-only") is value


@pytest.mark.parametrize("flag", ["--preview-only=yes", "--preview-only=", "-y=please"])
def test_a_switch_is_never_guessed(flag):
    with pytest.raises(UsageError, match="invalid argument"):
        find(["destroy", flag])
