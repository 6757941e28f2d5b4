"""Static sites: a folder with index.html, or one that a Staticfile names."""

from __future__ import annotations

from mf.ops.detect.model import PORT, USER, DetectError, Language, Recipe, Tree

BASE = "microfoundry/static:1"


def recipe(tree: Tree) -> Recipe | None:
    """The site's files over a small web server."""
    if "Staticfile" not in tree.names and "index.html" not in tree.names:
        return None
    root = _root(tree)
    lines = [
        f"FROM {BASE}",
        f"COPY --chown={USER}:{USER} {root} /app/",
        f"ENV STATIC_ROOT=/app PORT={PORT}",
        f"USER {USER}",
    ]
    because = "Staticfile" if "Staticfile" in tree.names else "index.html"
    return Recipe(language="static", because=because, dockerfile="\n".join(lines) + "\n")


def _root(tree: Tree) -> str:
    """`root: public` of a Staticfile, checked; the app's own folder without one."""
    for line in tree.read("Staticfile").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "root" and value.strip():
            folder = value.strip().strip("\"'").strip("/")
            if not any(name.startswith(f"{folder}/") for name in tree.names):
                raise DetectError(f"Staticfile says root: {folder}, but the source has no such folder")
            return f"{folder}/"
    return "."


LANGUAGE = Language(name="static", looks_for="index.html or Staticfile", recipe=recipe)
