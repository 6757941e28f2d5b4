"""The frame: every command can be loaded, help is instant, errors are one line and an exit code."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import click
import pytest

from engine.kube.errors import BadKubeconfig, Unreachable
from mf.cli import main as frame
from mf.cli.catalogue import ALIASES, COMMANDS
from mf.errors import AlreadyThere, DeployFailed, Locked, MfError, Missing, NoCluster, NoPlatform, UsageError

HEAVY = ("pulumi", "grpc", "urllib3", "yaml", "cryptography", "pydantic", "google.protobuf", "mf.ops")


def test_help_imports_nothing_but_click() -> None:
    code = (
        "import sys\nfrom mf.cli.main import run\nassert run(['--help']) == 0\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_listing_apps_imports_no_part_of_the_engine_but_its_kubernetes_client() -> None:
    code = (
        "import sys\nfrom mf.cli.main import run\nassert run(['--kubeconfig', '/nowhere', 'apps']) == 5\n"
        "heavy = ('pulumi', 'grpc', 'urllib3', 'cryptography', 'pydantic', 'google.protobuf', 'websocket',"
        " 'engine.deploy')\n"
        "loaded = [name for name in heavy if name in sys.modules]\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_catalogue_exists_under_its_name_and_summary(name: str) -> None:
    module, attribute = COMMANDS[name].place.split(":")
    command = getattr(import_module(module), attribute)
    assert isinstance(command, click.Command)
    assert command.name == name
    assert (command.help or "").split("\n", 1)[0] == COMMANDS[name].summary


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_examples_in_its_help(name: str) -> None:
    module, attribute = COMMANDS[name].place.split(":")
    command = getattr(import_module(module), attribute)
    assert f"mf {name}" in command.help or any(f"mf {alias}" in command.help for alias in COMMANDS[name].aliases)


def test_no_alias_hides_a_command() -> None:
    assert not set(ALIASES) & set(COMMANDS)
    assert len(ALIASES) == sum(len(command.aliases) for command in COMMANDS.values())


def test_an_alias_runs_its_command(mf) -> None:
    assert mf("a", "--help").out.startswith("Usage: mf a ")


def test_an_unknown_command_gets_the_nearest_ones(mf) -> None:
    ran = mf("creat-service")
    assert ran.code == 2
    assert "no command 'creat-service'" in ran.err
    assert "create-service" in ran.err


def test_a_broken_import_is_never_an_unknown_command(mf, monkeypatch) -> None:
    def broken(name: str) -> None:
        raise ImportError(f"{name} is broken")

    monkeypatch.setattr(frame, "import_module", broken)
    ran = mf("apps")
    assert ran.code == frame.UNEXPECTED
    assert "unexpected ImportError: mf.cli.apps is broken" in ran.err
    assert "no command" not in ran.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DeployFailed("it broke", reasons=["because"]), 1),
        (UsageError("no"), 2),
        (Missing("app", "web"), 3),
        (AlreadyThere("twice"), 4),
        (Locked("busy"), 4),
        (NoCluster("none"), 5),
        (NoPlatform("none"), 5),
    ],
)
def test_exit_codes_follow_the_base_error(error: MfError, code: int) -> None:
    assert frame.complain(error) == code


def test_reasons_and_hint_follow_the_message_indented(capsys) -> None:
    frame.complain(DeployFailed("web did not start", reasons=["exit code 1", "line one\nline two"], hint="mf logs web"))
    assert capsys.readouterr().err == (
        "mf: web did not start\n    exit code 1\n    line one\n    line two\n    → mf logs web\n"
    )


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (Unreachable("cannot reach https://x"), 5, "mf up"),
        (BadKubeconfig("kubeconfig /k is no YAML"), 5, "/k"),
        (PermissionError(13, "Permission denied", "/secret"), 5, "/secret may not be read or written by this user"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_errors_of_the_rooms_below_are_told_in_our_words(error, code, text, mf, monkeypatch) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(frame.Mf, "get_command", fails)
    ran = mf("apps")
    assert ran.code == code
    assert text in ran.err
    assert "Traceback" not in ran.err


def test_an_unexpected_error_is_kept_in_full_and_shown_as_an_id(mf, monkeypatch, own_home) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(frame.Mf, "get_command", fails)
    ran = mf("apps")
    assert ran.code == frame.UNEXPECTED
    (report,) = (own_home / ".cache" / "microfoundry" / "errors").iterdir()
    assert report.stem in ran.err
    assert "boom" in report.read_text(encoding="utf-8")
    assert "Traceback" not in ran.err


def test_arguments_stay_out_of_the_report(mf, monkeypatch, own_home) -> None:
    monkeypatch.setattr(sys, "argv", ["mf", "set-env", "web", "KEY=hunter2"])
    monkeypatch.setattr(frame.Mf, "get_command", lambda *_: 1 / 0)
    mf("set-env", "web", "KEY=hunter2")
    (report,) = (own_home / ".cache" / "microfoundry" / "errors").iterdir()
    assert "hunter2" not in report.read_text(encoding="utf-8")
