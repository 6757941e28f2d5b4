"""Start commands reach the app as the process that gets the signals."""

from __future__ import annotations

import subprocess

import pytest

from mf.ops.start_line import argv


@pytest.mark.parametrize(
    "line",
    [
        "gunicorn --bind 0.0.0.0:$PORT app:app",
        "java $OPTS -jar ${JAR:-app.jar}",
        "./run > log 2>&1",
        "node $(cat main)",
    ],
)
def test_a_line_of_one_program_replaces_the_shell(line: str) -> None:
    assert argv(line) == ("/bin/sh", "-c", f"exec {line}")


@pytest.mark.parametrize(
    "line",
    ["a && b", "a; b", "a | b", "a & b", "MODE=x run", "cd web", ". ./env", "if a; then b; fi", "(a)", "exec a", ""],
)
def test_a_line_that_needs_the_shell_keeps_it(line: str) -> None:
    assert argv(line) == ("/bin/sh", "-c", line)


def test_the_program_has_the_shells_own_process_number() -> None:
    with subprocess.Popen(argv("sh -c 'echo $$'"), stdout=subprocess.PIPE) as one:
        alone, _ = one.communicate()
    assert alone.decode().strip() == str(one.pid)
