"""A support file: a random program as data, which can be edited and run."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pulumi

from tests.engine.deploy.stage import CloudSettings, Group, Thing


@dataclass
class Node:
    """One resource of a random program."""

    name: str
    kind: str
    parent: str | None
    uses: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    value: int = 0
    key: int = 0
    fixed: bool = False
    first: bool | None = None
    provider: str | None = None


class Plan:
    """A program as data, which can be edited and run."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.nodes: list[Node] = []
        self.made = 0
        for _ in range(rng.randint(2, 8)):
            self.add()

    def add(self) -> None:
        rng = self.rng
        self.made += 1
        kind = rng.choices(("thing", "group", "provider"), (7, 2, 1))[0]
        things = [node.name for node in self.nodes if node.kind == "thing"]
        groups = [node.name for node in self.nodes if node.kind == "group"]
        providers = [node.name for node in self.nodes if node.kind == "provider"]
        self.nodes.append(
            Node(
                name=f"n{self.made}",
                kind=kind,
                parent=rng.choice([None, *groups]),
                uses=rng.sample(things, min(len(things), rng.randint(0, 2))),
                after=rng.sample(things, min(len(things), rng.randint(0, 1))),
                fixed=rng.random() < 0.4,
                first=rng.choice((None, None, None, True, False)),
                provider=rng.choice([None, None, *providers]),
            )
        )

    def edit(self) -> None:
        """Change, add and drop some resources."""
        for node in self.nodes:
            if self.rng.random() < 0.25:
                node.value += 1
            if self.rng.random() < 0.2:
                node.key += 1
        if self.rng.random() < 0.5:
            self.drop(self.rng.choice(self.nodes).name)
        if self.rng.random() < 0.6 or not self.nodes:
            self.add()

    def drop(self, name: str) -> None:
        """Remove a resource, and every mention of it."""
        self.nodes = [node for node in self.nodes if node.name != name]
        for node in self.nodes:
            node.uses = [use for use in node.uses if use != name]
            node.after = [use for use in node.after if use != name]
            node.parent = None if node.parent == name else node.parent
            node.provider = None if node.provider == name else node.provider

    def run(self) -> None:
        """The program."""
        made: dict[str, Any] = {}
        for node in self.nodes:
            made[node.name] = self._make(node, made)

    def _make(self, node: Node, made: dict[str, Any]) -> Any:
        opts = pulumi.ResourceOptions(
            parent=made.get(node.parent or ""),
            depends_on=[made[name] for name in node.after],
            provider=made.get(node.provider or "") if node.kind == "thing" else None,
            delete_before_replace=node.first,
        )
        if node.kind == "group":
            return Group(node.name, opts, size=node.value)
        if node.kind == "provider":
            return CloudSettings(node.name, pulumi.ResourceOptions(parent=opts.parent), region=str(node.key))
        inputs: dict[str, Any] = {"value": [node.value, *(made[name].made for name in node.uses)], "fixed": node.fixed}
        key = made[node.uses[0]].made if node.uses and node.fixed else str(node.key)
        return Thing(node.name, opts, key=key, **inputs)
