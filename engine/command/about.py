"""`pulumi version`, `about`, `install`, `help`: what this program is and what it runs with."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from typing import Any, Final

from engine.command.flags import SWITCH, Line
from engine.command.login import user
from engine.command.session import Session, latest
from engine.command.table import Command
from engine.errors import EngineError
from engine.state.serialise import ENGINE_VERSION


def version(session: Session, _line: Line) -> int:
    """The Pulumi version whose protocols and formats this engine follows."""
    session.out(ENGINE_VERSION)
    return 0


def show_help(session: Session, _line: Line) -> int:
    """The list of commands."""
    from engine.command.manual import overview  # late: it asks all commands

    session.out(overview())
    return 0


def install(session: Session, _line: Line) -> int:
    """Says truthfully that nothing is installed: providers of the embedded engine are part of it."""
    session.out("Nothing to install: the embedded engine's providers are built in, and dependencies are not managed.")
    return 0


def about(session: Session, line: Line) -> int:
    """Versions, host, backend, stack and SDK packages, for reports of faults."""
    found = _facts(session)
    if line.on("json"):
        session.out(json.dumps(found, indent=2))
        return 0
    for title, rows in _tables(found):
        session.out(f"{title}\n" + "\n".join(f"{name:<12} {value}" for name, value in rows) + "\n")
    for text in found["errors"]:
        session.err(f"warning: {text}")
    return 0


def _facts(session: Session) -> dict[str, Any]:
    faults: list[str] = []
    host = {"os": platform.system().lower(), "version": platform.release(), "arch": platform.machine()}
    return {
        "plugins": None,
        "host": host,
        "backend": _backend(session, faults),
        "currentStack": _stack(session, faults),
        "cliAbout": {"version": ENGINE_VERSION.removeprefix("v"), "engine": "embedded"},
        "runtime": {"language": "python", "executable": "", "version": platform.python_version()},
        "dependencies": _packages(),
        "errors": faults,
    }


def _backend(session: Session, faults: list[str]) -> dict[str, Any] | None:
    try:
        url = session.backend_url
    except EngineError as error:
        faults.append(f"Could not access the backend: {error.message}")
        return None
    return {"name": platform.node(), "url": url, "user": user(), "organizations": None}


def _stack(session: Session, faults: list[str]) -> dict[str, Any] | None:
    try:
        stack = session.stack_id()
        held = latest(session.backend.read(stack))
    except EngineError as error:
        faults.append(f"Failed to get information about the current stack: {error.message}")
        return None
    resources = [{"type": item["type"], "urn": item["urn"]} for item in held.get("resources") or ()]
    pending = [
        {"type": item["resource"]["type"], "urn": item["resource"]["urn"], "operation": item["type"]}
        for item in held.get("pending_operations") or ()
    ]
    whole = f"organization/{stack.project}/{stack.name}"
    return {"name": stack.name, "fully_qualified_name": whole, "resources": resources, "pending_ops": pending}


def _packages() -> list[dict[str, str]]:
    from importlib.metadata import distributions

    found = {item.metadata["Name"]: item.version for item in distributions() if item.metadata["Name"]}
    return [{"name": name, "version": found[name]} for name in sorted(found) if name.lower().startswith("pulumi")]


def _tables(found: dict[str, Any]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    cli, host, backend, stack = (found[key] for key in ("cliAbout", "host", "backend", "currentStack"))
    yield "CLI", [("Version", cli["version"]), ("Engine", "embedded"), ("Python", found["runtime"]["version"])]
    yield "Host", [("OS", host["os"]), ("Version", host["version"]), ("Arch", host["arch"])]
    if backend:
        yield "Backend", [("Name", backend["name"]), ("URL", backend["url"]), ("User", backend["user"])]
    if stack:
        yield f"Current Stack: {stack['fully_qualified_name']}", [("Resources", str(len(stack["resources"])))]
    yield "Dependencies:", [(item["name"], item["version"]) for item in found["dependencies"]]


COMMANDS: Final = (
    Command(path=("version",), summary="Print the version that this engine follows", run=version),
    Command(path=("help",), summary="List the commands", run=show_help),
    Command(
        path=("about",),
        summary="Print versions, host, backend and stack, for reports of faults",
        run=about,
        flags={"json": SWITCH, "transitive": SWITCH},
        short={"t": "transitive"},
    ),
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
