"""Scripts on this machine: output as it comes, and the exit code."""

from __future__ import annotations

import pytest

from baremetal.errors import ScriptFailed
from baremetal.transport import LocalTransport, read


def test_output_comes_line_by_line_with_errors_among_it() -> None:
    lines: list[str] = []
    completed = LocalTransport().run("echo one; echo two >&2; exit 3", on_line=lines.append)
    assert completed.code == 3
    assert lines == ["one", "two"]
    assert completed.output == "one\ntwo\n"


def test_environment_is_added_to_our_own() -> None:
    completed = LocalTransport().run('test -n "$PATH" && echo "$MF_GENERATION"', environment={"MF_GENERATION": "7"})
    assert completed.output == "7\n"


def test_script_waits_for_no_input() -> None:
    assert LocalTransport().run("cat").output == ""


def test_failure_says_where_and_ends_with_the_last_lines() -> None:
    with pytest.raises(ScriptFailed) as caught:
        read(LocalTransport(), "for n in $(seq 30); do echo line $n; done; exit 9")
    assert "on this machine (exit 9)" in str(caught.value)
    assert str(caught.value).endswith("| line 30")
    assert "line 18\n" not in str(caught.value)
