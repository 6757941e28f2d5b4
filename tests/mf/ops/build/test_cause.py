"""The one line that says why a build failed, out of real logs."""

from __future__ import annotations

import pytest

from mf.ops.build.cause import cause, last_lines

PIP = """\
Collecting flask==99
ERROR: Could not find a version that satisfies the requirement flask==99 (from versions: 3.1.2, 3.1.3)
ERROR: No matching distribution found for flask==99
subprocess exited with status 1
Error: building at STEP "RUN pip install -r requirements.txt": exit status 1""".splitlines()
NPM = """\
npm ERR! code ETARGET
npm ERR! notarget No matching version found for mustache@9.9.9.
npm ERR! A complete log of this run can be found in:
npm ERR!     /root/.npm/_logs/2026-01-01T00_00_00_000Z-debug-0.log
Error: building at STEP "RUN npm ci": exit status 1""".splitlines()
GO = """\
# hello
./main.go:7:2: undefined: x
subprocess exited with status 1
Error: building at STEP "RUN go build": while running runtime: exit status 1""".splitlines()
MAVEN = """\
[INFO] BUILD FAILURE
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.13.0:compile: Compilation failure
[ERROR] /src/src/main/java/hello/Hello.java:[9,5] ';' expected
[ERROR] -> [Help 1]
[ERROR] Re-run Maven using the -X switch""".splitlines()
TRACE = """\
Traceback (most recent call last):
  File "/app/app.py", line 1, in <module>
    import nowhere
ModuleNotFoundError: No module named 'nowhere'""".splitlines()
DOCKER = """\
STEP 1/2: FROM python:3.99
Error: creating build container: initializing source docker://python:3.99: manifest unknown""".splitlines()


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (PIP, "Could not find a version that satisfies the requirement flask==99 (from versions: 3.1.2, 3.1.3)"),
        (NPM, "notarget No matching version found for mustache@9.9.9."),
        (GO, "./main.go:7:2: undefined: x"),
        (MAVEN, "/src/src/main/java/hello/Hello.java:[9,5] ';' expected"),
        (TRACE, "ModuleNotFoundError: No module named 'nowhere'"),
        (DOCKER, "creating build container: initializing source docker://python:3.99: manifest unknown"),
        (["something odd", "and the end"], "and the end"),
        ([], "it printed nothing"),
    ],
    ids=["pip", "npm", "go", "maven", "traceback", "no base image", "unknown", "silence"],
)
def test_the_telling_line_is_picked(log: list[str], said: str) -> None:
    assert cause(log) == said


def test_the_last_lines_are_few_short_and_the_step_s_own() -> None:
    log = ["", *map(str, range(50)), " ", "x" * 500, "STEP 5/9: RUN x", "subprocess exited with status 1"]
    assert last_lines(log)[:-1] == tuple(map(str, range(43, 50)))
    assert last_lines(log)[-1] == "x" * 199 + "…"


def test_of_a_crash_the_last_word_counts() -> None:
    assert cause(["Error: retrying", "ValueError: no", "bye"], at_end=True) == "ValueError: no"
