"""`Procfile`: the start command that an app's author wrote down."""

from __future__ import annotations

from mf.ops.detect.model import DetectError, Tree


def processes(text: str) -> dict[str, str]:
    """Process types and their commands, in the file's order."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, command = line.partition(":")
        if not colon or not name.strip() or not command.strip():
            raise DetectError(f"Procfile line {number} is not `<process>: <command>`: {line.strip()}")
        found[name.strip()] = command.strip()
    return found


def web_command(tree: Tree) -> str:
    """What the Procfile starts for `web`; empty without a Procfile."""
    if "Procfile" not in tree.names:
        return ""
    found = processes(tree.read("Procfile"))
    if "web" not in found:
        raise DetectError(f"Procfile has no `web:` process; it has: {', '.join(found) or 'nothing'}")
    return found["web"]
