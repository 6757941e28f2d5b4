"""command:local:Command runs, shows, hides and stops as its real namesake does."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from engine.provider_api import InvokeRequest
from engine.values import UNKNOWN, Secret
from providers.command import CommandProvider
from providers.errors import BadInput, CommandFailed, CommandStopped
from tests.providers.command.conftest import is_alive
from tests.providers.conftest import Asked, RecordingHost


@pytest.fixture
def command(host: RecordingHost) -> Asked:
    return Asked(CommandProvider(host), "command:local:Command")


def test_create_runs_in_a_shell_and_keeps_what_was_said(command: Asked) -> None:
    made = command.create(create="echo one; echo two; echo three >&2")
    assert (made.outputs["stdout"], made.outputs["stderr"]) == ("one\ntwo", "three")
    assert made.id.startswith("n")


def test_directory_environment_stdin_and_interpreter_reach_the_command(command: Asked, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    made = command.create(
        create="import os,sys; print(os.getcwd(), os.environ['GREETING'], sys.stdin.read())",
        interpreter=["python3", "-c"],
        dir="sub",
        environment={"GREETING": "hello"},
        stdin="typed",
    )
    assert made.outputs["stdout"] == f"{tmp_path}/sub hello typed"


def test_update_runs_update_and_sees_what_was_said_before(command: Asked) -> None:
    made = command.create(create="echo first")
    assert command.update(made, create="echo first", update="echo was $PULUMI_COMMAND_STDOUT")["stdout"] == "was first"


def test_without_an_update_command_create_runs_again(command: Asked) -> None:
    made = command.create(create="echo first")
    assert command.update(made, create="echo second")["stdout"] == "second"


def test_previous_output_stays_out_of_the_environment_where_refused(command: Asked) -> None:
    made = command.create(create="echo first", addPreviousOutputInEnv=False)
    again = command.update(made, create="echo [$PULUMI_COMMAND_STDOUT]", addPreviousOutputInEnv=False)
    assert again["stdout"] == "[]"


def test_delete_runs_the_delete_command_with_its_environment(command: Asked, tmp_path: Path) -> None:
    made = command.create(create="echo made", delete="echo $PULUMI_COMMAND_STDOUT $X > gone", environment={"X": "x"})
    command.delete(made)
    assert (tmp_path / "gone").read_text() == "made x\n"


def test_delete_without_a_command_does_nothing(command: Asked) -> None:
    command.delete(command.create(create="true"))


def test_failure_tells_exit_code_and_last_words(command: Asked) -> None:
    with pytest.raises(CommandFailed, match=r"(?s)exited with code 3: .*no such thing"):
        command.create(create="echo no such thing >&2; exit 3")


def test_missing_directory_is_named(command: Asked) -> None:
    with pytest.raises(BadInput, match="nowhere"):
        command.create(create="true", dir="nowhere")


def test_preview_runs_nothing_and_leaves_the_output_unknown(command: Asked, tmp_path: Path) -> None:
    outputs = command.create(preview=True, create="touch made", assetPaths=["*"]).outputs
    assert (outputs["stdout"], outputs["assets"]) == (UNKNOWN, UNKNOWN)
    assert not (tmp_path / "made").exists()


def test_lines_are_shown_while_the_command_runs(command: Asked, host: RecordingHost) -> None:
    thread = threading.Thread(target=command.create, kwargs={"create": "echo early; sleep 1; echo late"})
    thread.start()
    deadline = time.monotonic() + 0.8
    while not host.lines and time.monotonic() < deadline:
        time.sleep(0.02)
    seen = list(host.lines)
    thread.join()
    assert seen == [("early", True)]
    assert host.lines == [("early", True), ("late", True)]


@pytest.mark.parametrize(
    ("logging", "shown"),
    [
        ("stdout", [("out", False)]),
        ("stderr", [("err", False)]),
        ("none", []),
        ("stdoutAndStderr", [("out", False), ("err", False)]),
    ],
)
def test_logging_chooses_what_stays_in_the_log(
    command: Asked, host: RecordingHost, logging: str, shown: list[tuple[str, bool]]
) -> None:
    command.create(create="echo out; sleep 0.1; echo err >&2", logging=logging)
    assert host.lines == shown


def test_secrets_are_hidden_in_lines_and_errors_and_make_the_output_secret(command: Asked, host: RecordingHost) -> None:
    secret = {"TOKEN": Secret("s3cret-token")}
    made = command.create(create="echo it is $TOKEN", environment=secret)
    assert host.lines == [("it is [secret]", True)]
    assert made.outputs["stdout"] == Secret("it is s3cret-token")
    with pytest.raises(CommandFailed) as failure:
        command.create(create="cat >&2; exit 1", stdin=Secret("CREATE ROLE x PASSWORD 'abcdefghijkl';"))
    assert "abcdefghijkl" not in str(failure.value)


def test_secrets_never_reach_the_process_list(command: Asked, tmp_path: Path) -> None:
    made = command.create(create="tr '\\0' ' ' < /proc/$$/cmdline; cat > got", stdin=Secret("hunter2hunter2"))
    assert (tmp_path / "got").read_text() == "hunter2hunter2"
    assert "hunter2" not in made.outputs["stdout"].value


def test_cancel_ends_the_whole_process_group(command: Asked, host: RecordingHost, tmp_path: Path) -> None:
    threading.Timer(0.4, lambda: setattr(host, "stop", True)).start()
    started = time.monotonic()
    with pytest.raises(CommandStopped, match="cancelled"):
        command.create(create="sleep 60 & echo $! > child; wait")
    assert time.monotonic() - started < 8
    child = int((tmp_path / "child").read_text())
    time.sleep(0.1)
    assert not is_alive(child)


def test_a_command_that_ignores_the_request_to_stop_is_killed(command: Asked, host: RecordingHost) -> None:
    threading.Timer(0.3, lambda: setattr(host, "stop", True)).start()
    started = time.monotonic()
    with pytest.raises(CommandStopped):
        command.create(create="trap '' INT; while :; do sleep 0.2; done")
    assert 4.5 < time.monotonic() - started < 9


def test_custom_timeout_stops_the_command(command: Asked) -> None:
    with pytest.raises(CommandStopped, match="its time limit"):
        command.create(create="sleep 30", timeout=0.3)


def test_a_background_child_that_keeps_the_pipe_does_not_hold_the_update(command: Asked) -> None:
    started = time.monotonic()
    made = command.create(create="sleep 5 & echo ready")
    assert made.outputs["stdout"] == "ready"
    assert time.monotonic() - started < 4


def test_triggers_replace_and_everything_else_updates(command: Asked) -> None:
    made = command.create(create="true", triggers=["a"])
    same = command.diff(made, old={"create": "true", "triggers": ["a"]}, new={"create": "true", "triggers": ["a"]})
    update = command.diff(made, old={"create": "true"}, new={"create": "false"})
    replace = command.diff(made, old={"create": "true", "triggers": ["a"]}, new={"create": "true", "triggers": ["b"]})
    assert (same.changes.name, update.replaces, replace.replaces) == ("NONE", [], ["triggers[0]"])


def test_asset_and_archive_paths_are_handed_over(command: Asked, tmp_path: Path) -> None:
    made = command.create(
        create="mkdir -p src a/b; echo x > src/index.js; echo s > src/secret.js; echo l > a/b/logo.svg",
        assetPaths=["a/**", "src/**.js", "!**secret.*"],
        archivePaths=["*/index.js"],
    )
    assert sorted(made.outputs["assets"]) == ["a/b/logo.svg", "src/index.js"]
    assert made.outputs["assets"]["src/index.js"].hash
    assert list(made.outputs["archive"].assets) == ["src/index.js"]
    assert made.outputs["archive"].hash


def test_run_executes_at_once_and_waits_for_what_is_unknown(host: RecordingHost) -> None:
    provider = CommandProvider(host)
    said = provider.invoke(InvokeRequest(token="command:local:run", args={"command": "echo hi"})).result
    later = provider.invoke(InvokeRequest(token="command:local:run", args={"command": UNKNOWN}, preview=True)).result
    assert (said["stdout"], later["stdout"]) == ("hi", UNKNOWN)
