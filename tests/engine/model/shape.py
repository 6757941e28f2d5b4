"""A support file: a program as data; resources are known by a number, so that they can be renamed and moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from tests.engine.deploy.stage import CloudSettings, Group, Thing

SECRET: Final = "hunter2"


@dataclass(frozen=True, kw_only=True)
class Node:
    """One resource; others are meant by their numbers, and stand before it."""

    number: int
    kind: str = "thing"
    name: str = ""
    was: str = ""
    """A former name."""
    parent: int | None = None
    parent_was: int | None = None
    moved: bool = False
    """Whether it stood beneath `parent_was` before."""
    uses: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    value: int = 0
    key: int = 0
    fixed: bool = False
    first: bool | None = None
    provider: int | None = None
    protect: bool | None = None
    retain: bool | None = None
    deleted_with: int | None = None
    replace_with: tuple[int, ...] = ()
    ignores: bool = False
    replaces_on_value: bool = False
    secret: bool = False
    hides_made: bool = False
    trigger: int | None = None

    def mentions(self) -> set[int]:
        """All that it needs to stand before it."""
        single = (self.parent, self.provider, self.deleted_with, self.parent_was if self.moved else None)
        return {*self.uses, *self.after, *self.replace_with, *(one for one in single if one is not None)}


def run(nodes: Sequence[Node]) -> None:
    """The program."""
    made: dict[int, Any] = {}
    for node in nodes:
        made[node.number] = _make(node, made)


def _make(node: Node, made: dict[int, Any]) -> Any:
    if node.kind == "group":
        return Group(node.name, _options(node, made), size=node.value)
    if node.kind == "provider":
        return CloudSettings(node.name, _options(node, made), region=str(node.key), level=str(node.value))
    text: Any = f"{SECRET}-{node.value}"
    inputs: dict[str, Any] = {
        "value": [node.value, *(made[one].made for one in node.uses)],
        "fixed": node.fixed,
        "word": pulumi.Output.secret(text) if node.secret else "",
    }
    key = made[node.uses[0]].made if node.uses and node.fixed else str(node.key)
    return Thing(node.name, _options(node, made), key=key, **inputs)


def _options(node: Node, made: dict[int, Any]) -> pulumi.ResourceOptions:
    things = node.kind == "thing"
    return pulumi.ResourceOptions(
        parent=made.get(node.parent) if node.parent is not None else None,
        depends_on=[made[one] for one in node.after],
        provider=made[node.provider] if things and node.provider is not None else None,
        delete_before_replace=node.first,
        protect=node.protect,
        retain_on_delete=node.retain,
        deleted_with=made[node.deleted_with] if node.deleted_with is not None else None,
        replace_with=[made[one] for one in node.replace_with],
        ignore_changes=["value"] if node.ignores else None,
        replace_on_changes=["value"] if node.replaces_on_value else None,
        additional_secret_outputs=["made"] if node.hides_made and things else None,
        replacement_trigger=node.trigger,
        aliases=_aliases(node, made),
    )


def _aliases(node: Node, made: dict[int, Any]) -> list[pulumi.Alias]:
    if not node.was and not node.moved:
        return []
    name = node.was or node.name
    if not node.moved:
        return [pulumi.Alias(name=name)]
    above = pulumi.ROOT_STACK_RESOURCE if node.parent_was is None else made[node.parent_was]
    return [pulumi.Alias(name=name, parent=above)]
