"""A Dockerfile or Containerfile of the app's own: used as it is."""

from __future__ import annotations

from mf.ops.detect.model import DetectError, Language, Recipe, Tree

NAMES = ("Dockerfile", "Containerfile")


def recipe(tree: Tree) -> Recipe | None:
    """The app's own file, first of the usual names."""
    name = next((name for name in NAMES if name in tree.names), None)
    return named(tree, name) if name else None


def named(tree: Tree, name: str) -> Recipe:
    """The build file that a person named."""
    if name not in tree.names:
        raise DetectError(f"there is no {name} in the source; --dockerfile names a file inside the app's folder")
    text = tree.read(name)
    if not any(line.strip().upper().startswith("FROM ") for line in text.splitlines()):
        raise DetectError(f"{name} has no FROM line, so it builds nothing")
    return Recipe(language="dockerfile", because=name, dockerfile=text)


LANGUAGE = Language(name="dockerfile", looks_for="Dockerfile or Containerfile", recipe=recipe)
