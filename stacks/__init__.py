"""One module per kind of environment; a stack's config says which, and its own name is the default."""

from __future__ import annotations

import importlib

import pulumi

from stacks.errors import UnknownKind

KINDS = ("local",)


def run(stack: str, config: pulumi.Config) -> None:
    """Run the program of the stack's kind. Raises UnknownKind for a kind that has no program."""
    kind = config.get("kind") or stack
    if kind not in KINDS:
        raise UnknownKind(stack, kind, KINDS)
    importlib.import_module(f"stacks.{kind}").run(config)
