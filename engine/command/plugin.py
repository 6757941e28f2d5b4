"""`pulumi plugin`: the embedded engine's providers are part of it, so there is nothing to fetch or to remove."""

from __future__ import annotations

import json

from engine.command.flags import SWITCH, TEXT, Line
from engine.command.session import Session
from engine.command.table import Command
from engine.errors import UnsupportedError


def list_plugins(session: Session, line: Line) -> int:
    """Installed plugins: none, ever."""
    session.out(json.dumps([]) if line.on("json") else "TOTAL plugin cache size: 0 B")
    return 0


def install(session: Session, line: Line) -> int:
    """Nothing is fetched; whether a provider is there is decided when a program asks for it."""
    asked = " ".join(line.words)
    session.out(f"Not installed: {asked or 'plugins'} (the embedded engine uses its own providers)")
    return 0


def remove(_session: Session, line: Line) -> int:
    """There is nothing that could be removed."""
    raise UnsupportedError(f"`pulumi plugin rm {' '.join(line.words)}`: the embedded engine has no plugin cache")


COMMANDS = (
    Command(path=("plugin", "ls"), summary="List plugins", run=list_plugins, flags={"json": SWITCH, "project": SWITCH}),
    Command(
        path=("plugin", "install"),
        summary="Install a plugin (providers are built in)",
        run=install,
        flags={"server": TEXT, "exact": SWITCH, "file": TEXT, "reinstall": SWITCH, "checksum": TEXT},
        arguments=("[KIND]", "[NAME]", "[VERSION]"),
    ),
    Command(
        path=("plugin", "rm"),
        summary="Remove plugins (there are none)",
        run=remove,
        flags={"all": SWITCH, "yes": SWITCH},
        arguments=("[KIND]", "[NAME]", "[VERSION]"),
    ),
)
