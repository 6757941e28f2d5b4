"""`pulumi login`, `logout`, `whoami`: which backend states rest in, and as whom."""

from __future__ import annotations

import json
import os
import pwd

from engine.command import workspace
from engine.command.flags import REFUSED, SWITCH, TEXT, Line
from engine.command.session import Session
from engine.command.table import Command
from engine.errors import UsageError


def login(session: Session, line: Line) -> int:
    """Choose a backend; it is opened once, so that a wrong one is told now."""
    url = "file://~" if line.on("local") else (line.words[0] if line.words else line.text("cloud-url"))
    if not url:
        raise UsageError("name a backend", hint="pulumi login file://DIR, or --local for file://~")
    session.open_backend(url, session.environment, session.directory).stacks()
    workspace.remember_backend(session.environment, url)
    session.out(f"Logged in to {url} as {user()}")
    return 0


def logout(session: Session, _line: Line) -> int:
    """Forget the chosen backend."""
    url = workspace.current_backend(session.environment)
    workspace.remember_backend(session.environment, "")
    session.out(f"Logged out of {url}" if url else "Not logged in")
    return 0


def whoami(session: Session, line: Line) -> int:
    """The user and backend."""
    if line.on("json"):
        session.out(json.dumps({"user": user(), "organizations": [], "url": session.backend_url}, indent=2))
    elif line.on("verbose-output"):
        session.out(f"User: {user()}\nBackend URL: {session.backend_url}")
    else:
        session.out(user())
    return 0


def user() -> str:
    """The name of the user who runs this."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


COMMANDS = (
    Command(
        path=("login",),
        summary="Choose the backend in which states rest",
        run=login,
        flags={"local": SWITCH, "cloud-url": TEXT, "interactive": REFUSED, "default-org": REFUSED},
        short={"l": "local", "c": "cloud-url"},
        arguments=("[URL]",),
    ),
    Command(
        path=("logout",),
        summary="Forget the chosen backend",
        run=logout,
        flags={"all": SWITCH, "local": SWITCH, "cloud-url": TEXT},
        arguments=("[URL]",),
    ),
    Command(
        path=("whoami",),
        summary="Print the current user",
        run=whoami,
        flags={"json": SWITCH, "verbose-output": SWITCH},
        short={"v": "verbose-output"},
    ),
)
