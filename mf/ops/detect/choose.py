"""The order in which languages are tried, and what is said when none fits."""

from __future__ import annotations

from mf.ops.detect import containerfile, go, java, node, python, static
from mf.ops.detect.model import DetectError, Language, Recipe, Tree

LANGUAGES: tuple[Language, ...] = (
    containerfile.LANGUAGE,
    java.LANGUAGE,
    go.LANGUAGE,
    node.LANGUAGE,
    python.LANGUAGE,
    static.LANGUAGE,
)


def detect(tree: Tree, *, build: str = "auto", dockerfile: str = "") -> Recipe:
    """The recipe of the first language whose files are there, or of the one that was named."""
    if dockerfile:
        return containerfile.named(tree, dockerfile)
    for language in LANGUAGES:
        if build in ("auto", language.name):
            recipe = language.recipe(tree)
            if recipe is not None:
                return recipe
    wanted = [language for language in LANGUAGES if build in ("auto", language.name)]
    raise DetectError(
        f"can't tell how to build this; looked for: {'; '.join(language.looks_for for language in wanted)}",
        hint="add one of these files, or push an image: mf push NAME --image REF",
    )
