"""What Pulumi remembers per user: the backend of the last login and the stack selected in each project."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.backend import atomic
from engine.project import Project


def home(environment: Mapping[str, str]) -> Path:
    """Pulumi's own folder."""
    if environment.get("PULUMI_HOME"):
        return Path(environment["PULUMI_HOME"])
    return Path(environment.get("HOME") or Path.home()) / ".pulumi"


def current_backend(environment: Mapping[str, str]) -> str:
    """The URL of the last login; empty when there was none."""
    return str(_load(home(environment) / "credentials.json").get("current") or "")


def remember_backend(environment: Mapping[str, str], url: str) -> None:
    """Log in to a backend, or out of all with an empty URL."""
    path = home(environment) / "credentials.json"
    tree = _load(path)
    tree["current"] = url
    if url:
        tree["accessTokens"] = {**(tree.get("accessTokens") or {}), url: ""}
        tree["accounts"] = {**(tree.get("accounts") or {}), url: {"lastValidatedAt": "0001-01-01T00:00:00Z"}}
    atomic.write(path, json.dumps(tree, indent=4).encode())


def selected_stack(environment: Mapping[str, str], project: Project) -> str:
    """The stack that was selected last in a project; empty when none is."""
    return environment.get("PULUMI_STACK") or str(_load(_file(environment, project)).get("stack") or "")


def select_stack(environment: Mapping[str, str], project: Project, name: str) -> None:
    """Remember the selected stack; an empty name forgets it."""
    path = _file(environment, project)
    tree = {key: item for key, item in _load(path).items() if key != "stack"}
    atomic.write(path, json.dumps({**tree, "stack": name} if name else tree, indent=4).encode())


def _file(environment: Mapping[str, str], project: Project) -> Path:
    # The name that Pulumi's own program gives it, so that either sees the other's choice.
    digest = hashlib.sha1(str(project.file).encode(), usedforsecurity=False).hexdigest()
    return home(environment) / "workspaces" / f"{project.name}-{digest}-workspace.json"


def _load(path: Path) -> dict[str, Any]:
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return tree if isinstance(tree, dict) else {}
