"""Node apps: package.json, with or without a lock file."""

from __future__ import annotations

import json
import re
from typing import Any

from mf.ops.detect.model import AS_ROOT, PORT, USER, DetectError, Language, Recipe, Tree, shell_command
from mf.ops.detect.procfile import web_command

BASE = "microfoundry/node:18"
LOCKS = ("package-lock.json", "npm-shrinkwrap.json")
OTHER_LOCKS = ("yarn.lock", "pnpm-lock.yaml", "bun.lockb")
SCRIPTS = ("server.js", "index.js", "app.js", "main.js", "server.mjs", "index.mjs")
_PLAIN_NODE = re.compile(r"node( [\w./=-]+)+")


def recipe(tree: Tree) -> Recipe | None:
    """`npm ci` from the lock file is a layer of its own; a build script runs after the source is in."""
    if "package.json" not in tree.names:
        return None
    package = _package(tree)
    command = start_command(tree, package)
    lock = next((name for name in LOCKS if name in tree.names), "")
    builds = "build" in _scripts(package)
    install = f"npm {'ci' if lock else 'install --no-package-lock'}{'' if builds else ' --omit=dev'}"
    lines = [
        f"FROM {BASE}",
        *AS_ROOT,
        "WORKDIR /app",
        f"COPY package.json {lock + ' ' if lock else ''}./",
        f"RUN {install} --no-audit --no-fund",
        f"COPY --chown={USER}:{USER} . .",
        *(["RUN npm run build && npm prune --omit=dev --no-audit --no-fund"] if builds else []),
        f"ENV NODE_ENV=production HOME=/tmp PORT={PORT}",
        f"USER {USER}",
        shell_command(command),
    ]
    return Recipe(
        language="node",
        because="package.json",
        dockerfile="\n".join(lines) + "\n",
        command=command,
        notes=_notes(tree, lock),
    )


def start_command(tree: Tree, package: dict[str, Any]) -> str:
    """The Procfile's word, else `npm start` (node itself where that is all it does), else the main script."""
    if command := web_command(tree):
        return command
    start = _scripts(package).get("start", "")
    if start:
        return start if _PLAIN_NODE.fullmatch(start) else "npm start"
    main = package.get("main", "")
    script = main if main in tree.names else next((name for name in SCRIPTS if name in tree.names), "")
    if script:
        return f"node {script}"
    raise DetectError(
        "a Node app, but not how to start it; looked for: Procfile, scripts.start and main in package.json, "
        + ", ".join(SCRIPTS),
        hint='add "scripts": {"start": "node server.js"} to package.json, or push with --command',
    )


def _package(tree: Tree) -> dict[str, Any]:
    try:
        package = json.loads(tree.read("package.json"))
    except ValueError as exc:
        raise DetectError(f"package.json is not JSON: {exc}") from exc
    if not isinstance(package, dict):
        raise DetectError("package.json must hold an object")
    return package


def _scripts(package: dict[str, Any]) -> dict[str, str]:
    scripts = package.get("scripts")
    return scripts if isinstance(scripts, dict) else {}


def _notes(tree: Tree, lock: str) -> tuple[str, ...]:
    if lock:
        return ()
    other = next((name for name in OTHER_LOCKS if name in tree.names), "")
    why = f"{other} is not read" if other else "there is no lock file"
    return (f"{why}: npm picks versions within package.json's ranges; `npm install --package-lock-only` fixes them",)


LANGUAGE = Language(name="node", looks_for="package.json", recipe=recipe)
