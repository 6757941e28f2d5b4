"""Go apps: go.mod and one main package."""

from __future__ import annotations

import re

from mf.ops.detect.model import AS_ROOT, PORT, USER, DetectError, Language, Recipe, Tree, shell_command
from mf.ops.detect.procfile import web_command

BASE = "microfoundry/go:1.26"
RUNTIME = "microfoundry/busybox:1"
_MAIN = re.compile(r"^package main\b", re.MULTILINE)
_FUNC = re.compile(r"^func main\(\)", re.MULTILINE)


def recipe(tree: Tree) -> Recipe | None:
    """Modules first, then the build; only the binary reaches the image."""
    if "go.mod" not in tree.names:
        return None
    package = main_package(tree)
    command = web_command(tree) or "/app/server"
    sums = "go.mod go.sum" if "go.sum" in tree.names else "go.mod"
    fetch = [] if _vendored(tree) else [f"COPY {sums} ./", "RUN go mod download"]
    lines = [
        f"FROM {BASE} AS build",
        *AS_ROOT,
        "WORKDIR /src",
        *fetch,
        "COPY . .",
        f'RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/server {package}',
        f"FROM {RUNTIME}",
        "WORKDIR /app",
        f"COPY --chown={USER}:{USER} . .",
        "COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt",
        "COPY --from=build /out/server /app/server",
        f"ENV HOME=/tmp PORT={PORT}",
        f"USER {USER}",
        shell_command(command),
    ]
    return Recipe(language="go", because="go.mod", dockerfile="\n".join(lines) + "\n", command=command)


def main_package(tree: Tree) -> str:
    """The folder with `func main`: the root, else the only one."""
    folders = {
        name.rpartition("/")[0]
        for name in tree.names
        if name.endswith(".go") and not name.endswith("_test.go") and not name.startswith("vendor/")
        if _MAIN.search(text := tree.read(name)) and _FUNC.search(text)
    }
    if "" in folders:
        return "."
    if len(folders) == 1:
        return f"./{folders.pop()}"
    if not folders:
        raise DetectError("go.mod is there, but no package with `func main()`, so there is nothing to start")
    raise DetectError(
        f"go.mod has several main packages: {', '.join(sorted(folders))}",
        hint="push the folder of one of them with a go.mod of its own, or add a Dockerfile",
    )


def _vendored(tree: Tree) -> bool:
    return "vendor/modules.txt" in tree.names


LANGUAGE = Language(name="go", looks_for="go.mod", recipe=recipe)
