"""Whole screens, as a person at a terminal sees them."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from engine.secrets import Passphrase
from tests.engine.display.screens import Seat

_PROGRAM = """\
import asyncio
import pulumi

class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("demo:index:Group", name, {}, opts)
        self.register_outputs({})

one = Group("one")
Group("two", pulumi.ResourceOptions(parent=one))
pulumi.warn("careful", resource=one)

async def words():
    await asyncio.sleep(0 if pulumi.runtime.is_dry_run() else 2.5)
    return ["a", "b"]

pulumi.export("words", pulumi.Output.from_input(words()))
pulumi.export("hidden", pulumi.Output.secret("hunter2"))
"""
_MAIN = """if True:
    import os, sys
    from engine.command.main import main
    sys.exit(main(sys.argv[1:], os.getcwd(), os.environ, print, print))
"""
_TIME = re.compile(r"\(\d+(\.\d+)?s\)")


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    project = tmp_path / "project"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (project / "__main__.py").write_text(_PROGRAM)
    return {
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_HOME": str(tmp_path / "home"),
        "MF_ENCRYPTION_SALT": Passphrase.create(lambda: "").salt,
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
        "TERM": "xterm-256color",
    }


def _sit(tmp_path: Path, environment: dict[str, str], *argv: str, size: tuple[int, int] = (90, 70)) -> Seat:
    return Seat([sys.executable, "-c", _MAIN, *argv], tmp_path / "project", environment, size=size)


def _screen(seat: Seat) -> list[str]:
    return [_TIME.sub("(…)", line) for line in seat.lines() if line]


def test_a_person_previews_looks_closer_agrees_and_watches(tmp_path, environment):
    assert _sit(tmp_path, environment, "stack", "init", "dev").end() == 0
    seat = _sit(tmp_path, environment, "up")
    asked = [line for line in seat.until("type to filter") if line]
    assert asked[:6] == [
        "Previewing update (dev):",
        "     Type                    Name      Plan       Info",
        " +   pulumi:pulumi:Stack     shop-dev  create",
        " +   └─ demo:index:Group     one       create     1 warning",
        " +      └─ demo:index:Group  two       create",
        "Diagnostics:",
    ]
    seat.press("d\r")
    assert any("+ demo:index:Group: (create)" in line for line in seat.until("[urn="))
    seat.read(0.3)
    seat.press("y\r")
    seat.until("Updating (dev):")
    watched = [_TIME.sub("(…)", line) for line in seat.until("creating (1s)")]
    assert any(line.startswith(" +   pulumi:pulumi:Stack     shop-dev  creating (…)") for line in watched)
    assert seat.end() == 0
    shown = _screen(seat)
    assert shown[shown.index("Updating (dev):") :] == [
        "Updating (dev):",
        "     Type                    Name      Status              Info",
        " +   pulumi:pulumi:Stack     shop-dev  created (…)",
        " +   └─ demo:index:Group     one       created (…)     1 warning",
        " +      └─ demo:index:Group  two       created (…)",
        "Diagnostics:",
        "  demo:index:Group (one):",
        "    warning: careful",
        "Outputs:",
        "    hidden: [secret]",
        "    words : [",
        '        [0]: "a"',
        '        [1]: "b"',
        "    ]",
        "Resources:",
        "    + 3 created",
        shown[-1],
    ]
    assert shown[-1].startswith("Duration: ")


def test_who_says_no_is_left_alone(tmp_path, environment):
    assert _sit(tmp_path, environment, "stack", "init", "dev").end() == 0
    seat = _sit(tmp_path, environment, "up")
    seat.until("type to filter")
    seat.press("\r")
    assert seat.end() == 1
    assert "confirmation declined, not proceeding with the update" in seat.lines()


@pytest.mark.parametrize(("flags", "sign"), [((), b"\x1b[38;5;2m"), (("--color", "raw"), b"<{%fg 2%}>")])
def test_colours_are_as_asked_for(tmp_path, environment, flags, sign):
    assert _sit(tmp_path, environment, "stack", "init", "dev").end() == 0
    seat = _sit(tmp_path, environment, "preview", *flags)
    assert seat.end() == 0
    assert sign in seat.raw


@pytest.mark.parametrize(("flags", "more"), [(("--color", "never"), {}), ((), {"NO_COLOR": "1"})])
def test_without_colours_the_tree_stays(tmp_path, environment, flags, more):
    assert _sit(tmp_path, environment, "stack", "init", "dev").end() == 0
    seat = _sit(tmp_path, {**environment, **more}, "preview", *flags, size=(40, 12))
    assert seat.end() == 0
    assert b"\x1b[38;5" not in seat.raw
    assert any("└─ demo:index:Group" in line for line in seat.lines())


@pytest.mark.parametrize(("flags", "more"), [(("--non-interactive",), {}), ((), {"TERM": "dumb"}), ((), {"CI": "1"})])
def test_lines_are_written_where_nobody_watches(tmp_path, environment, flags, more):
    assert _sit(tmp_path, environment, "stack", "init", "dev").end() == 0
    seat = _sit(tmp_path, {**environment, **more}, "preview", *flags)
    assert seat.end() == 0
    assert " +  demo:index:Group two create" in seat.lines()
    assert b"\x1b[" not in seat.raw
