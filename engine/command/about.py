"""`pulumi version`, `pulumi install`, `pulumi help`: what this program is."""

from __future__ import annotations

from engine.command.flags import SWITCH, Line
from engine.command.session import Session
from engine.command.table import Command, help_text
from engine.state.serialise import ENGINE_VERSION


def version(session: Session, _line: Line) -> int:
    """The Pulumi version whose protocols and formats this engine follows."""
    session.out(ENGINE_VERSION)
    return 0


def show_help(session: Session, _line: Line) -> int:
    """The list of commands."""
    session.out(help_text())
    return 0


def install(session: Session, _line: Line) -> int:
    """Says truthfully that nothing is installed: providers of the embedded engine are part of it."""
    session.out("Nothing to install: the embedded engine's providers are built in, and dependencies are not managed.")
    return 0


COMMANDS = (
    Command(path=("version",), summary="Print the version that this engine follows", run=version),
    Command(path=("help",), summary="List the commands", run=show_help),
    Command(
        path=("install",),
        summary="Install plugins and dependencies (nothing to do here)",
        run=install,
        flags={
            "no-plugins": SWITCH,
            "no-dependencies": SWITCH,
            "reinstall": SWITCH,
            "use-language-version-tools": SWITCH,
        },
    ),
)
