"""`pulumi plugin`: the plugins that this machine has; new ones come from files, as nothing is downloaded."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from engine.command.flags import SWITCH, TEXT, Line
from engine.command.session import Session
from engine.command.table import Command
from engine.errors import UnsupportedError, UsageError
from engine.plugins import install as unpack
from engine.plugins.find import Plugin, Wanted, choose, installed, on_path
from engine.providers.catalogue import registered

_HEADERS: Final = ("NAME", "KIND", "VERSION", "SIZE", "INSTALLED", "LAST USED")
_UNITS: Final = ("B", "kB", "MB", "GB")


def list_plugins(session: Session, line: Line) -> int:
    """All plugins that are found: in Pulumi's folder, on PATH, named by the project."""
    found = [*_of_project(session), *(() if line.on("project") else _of_machine(session))]
    rows = [_row(plugin) for plugin in sorted(found, key=lambda one: (one.name, one.kind))]
    if line.on("json"):
        session.out(json.dumps(rows, indent=2))
        return 0
    for text in _table([_HEADERS, *(_shown(row) for row in rows)]):
        session.out(text)
    session.out(f"\nTOTAL plugin cache size: {_size(sum(row['size'] for row in rows))}")
    return 0


def install(session: Session, line: Line) -> int:
    """Put a plugin into Pulumi's folder, from a file; one that is there already needs nothing."""
    if not line.words:
        session.out("Nothing to install: providers are built in, or plugins that `pulumi plugin ls` shows.")
        return 0
    wanted = _wanted(line.words)
    if line.text("file"):
        folder = unpack.install(wanted, session.directory / line.text("file"), session.environment)
        session.out(f"[{wanted.kind} plugin {wanted.name}-{wanted.version}] installed into {folder}")
        return 0
    plugin = choose(wanted, installed(session.environment))
    if plugin is None and not (wanted.kind == "resource" and wanted.name in registered()):
        raise UnsupportedError(
            f"{wanted.kind} plugin {wanted.name} {wanted.version} is not here, and this engine downloads nothing",
            hint="fetch its archive where there is a network, and name it: "
            f"`pulumi plugin install {' '.join(line.words)} --file ARCHIVE`",
        )
    where = f"is in {plugin.path}" if plugin else "is built in"
    session.out(f"Nothing to install: {wanted.kind} plugin {wanted.name} {where}")
    return 0


def remove(_session: Session, line: Line) -> int:
    """Left to people: other projects may use what this one doesn't."""
    raise UnsupportedError(
        f"`pulumi plugin rm {' '.join(line.words)}` is not supported by the embedded engine",
        hint="remove the plugin's folder, which `pulumi plugin ls --json` shows",
    )


def _wanted(words: list[str]) -> Wanted:
    if len(words) < 2:
        raise UsageError("`pulumi plugin install` needs a kind and a name", hint="resource NAME VERSION")
    version = words[2] if len(words) > 2 else ""
    return Wanted(kind=words[0], name=words[1], version=version.removeprefix("v"))


def _of_project(session: Session) -> Iterable[Plugin]:
    try:
        return session.project.plugins
    except UsageError:
        # There need be no project to look at what the machine has.
        return ()


def _of_machine(session: Session) -> Iterable[Plugin]:
    return (*installed(session.environment), *on_path(session.environment))


def _row(plugin: Plugin) -> dict[str, Any]:
    row: dict[str, Any] = {"name": plugin.name, "kind": plugin.kind}
    if plugin.version:
        row["version"] = plugin.version
    there = plugin.path.exists()
    row["size"] = _bytes(plugin.path) if there else 0
    if there:
        status = plugin.path.stat()
        row["installTime"] = _time(status.st_mtime)
    row["lastUsedTime"] = _time(status.st_atime if there else 0)
    return {**row, "path": str(plugin.path)}


def _bytes(path: Path) -> int:
    files = [path] if path.is_file() else [item for item in path.rglob("*") if item.is_file()]
    return sum(item.stat().st_size for item in files)


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _shown(row: dict[str, Any]) -> tuple[str, ...]:
    size = _size(row["size"]) if row["size"] else "n/a"
    return row["name"], row["kind"], row.get("version", ""), size, row.get("installTime", "n/a"), row["lastUsedTime"]


def _size(count: float) -> str:
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.0f} {_UNITS[unit]}"


def _table(rows: list[tuple[str, ...]]) -> Iterable[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADERS))]
    return ("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows)


COMMANDS = (
    Command(path=("plugin", "ls"), summary="List plugins", run=list_plugins, flags={"json": SWITCH, "project": SWITCH}),
    Command(
        path=("plugin", "install"),
        summary="Install a plugin from a file",
        run=install,
        flags={"server": TEXT, "exact": SWITCH, "file": TEXT, "reinstall": SWITCH, "checksum": TEXT},
        short={"f": "file"},
        arguments=("[KIND]", "[NAME]", "[VERSION]"),
    ),
    Command(
        path=("plugin", "rm"),
        summary="Remove plugins (refused)",
        run=remove,
        flags={"all": SWITCH, "yes": SWITCH},
        arguments=("[KIND]", "[NAME]", "[VERSION]"),
    ),
)
