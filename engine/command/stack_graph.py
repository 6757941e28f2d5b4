"""`pulumi stack graph`: what depends on what, in the DOT language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from engine.command.flags import SWITCH, TEXT, Line
from engine.command.session import Session
from engine.command.state_edit import open_state
from engine.command.table import Command
from engine.errors import UsageError
from engine.state.model import Deployment, Resource
from engine.urn import name_of


def graph(session: Session, line: Line) -> int:
    """Write the graph of the stored state to a file."""
    deployment = open_state(session, session.stack_id()).deployment
    path = session.directory / line.words[0]
    try:
        path.write_text("\n".join(_lines(deployment, line)) + "\n", encoding="utf-8")
    except OSError as exc:
        raise UsageError(f"could not write {path}: {exc.strerror}") from exc
    session.out(f"Wrote stack dependency graph to `{line.words[0]}`")
    return 0


def _lines(deployment: Deployment, line: Line) -> Iterator[str]:
    numbers = {resource.urn: f"Resource{at}" for at, resource in enumerate(deployment.resources)}
    yield "strict digraph {"
    if line.text("dot-fragment"):
        yield line.text("dot-fragment")
    for resource in deployment.resources:
        label = name_of(resource.urn) if line.on("short-node-name") else resource.urn
        yield f"    {numbers[resource.urn]} [label={json.dumps(label, ensure_ascii=False)}];"
        if not line.on("ignore-dependency-edges"):
            colour = line.text("dependency-edge-color", "#246C60")
            for urn in resource.dependencies:
                label = json.dumps(", ".join(_properties(resource, urn)), ensure_ascii=False)
                yield f'    {numbers[urn]} -> {numbers[resource.urn]} [color="{colour}", label={label}];'
        if resource.parent and not line.on("ignore-parent-edges"):
            colour = line.text("parent-edge-color", "#AA6639")
            yield f'    {numbers[resource.urn]} -> {numbers[resource.parent]} [color="{colour}"];'
    yield "}"


def _properties(resource: Resource, urn: str) -> list[str]:
    return sorted(key for key, urns in resource.property_dependencies.items() if urn in urns)


COMMANDS: Final = (
    Command(
        path=("stack", "graph"),
        summary="Export a stack's dependency graph to a file",
        run=graph,
        flags={
            "ignore-parent-edges": SWITCH,
            "ignore-dependency-edges": SWITCH,
            "short-node-name": SWITCH,
            "dependency-edge-color": TEXT,
            "parent-edge-color": TEXT,
            "dot-fragment": TEXT,
        },
        arguments=("FILENAME",),
    ),
)
