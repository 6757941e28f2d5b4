"""A support file: what hypothesis draws, as plain data that is printed when a case fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from hypothesis import strategies as st

from tests.engine.model.shape import Node

Draw = Callable[[st.SearchStrategy[Any]], Any]

_CALLS: Final = ("create", "update", "delete", "check", "diff", "read")
_WAYS: Final = ("refuse", "half", "break", "throttle")


@dataclass(frozen=True, kw_only=True)
class Round:
    """An edited program, and what goes wrong while it is brought about for the first time."""

    nodes: tuple[Node, ...]
    sabotage: tuple[tuple[str, str, str], ...] = ()
    """Call, name, way."""
    crash: int | None = None
    """In percent of the moments of the update: the process died there."""
    parallel: int = 4
    tolerant: bool = False
    refresh: bool = False
    direct: bool = True


def _chance(draw: Draw, percent: int) -> bool:
    # Shrinks towards "no".
    return bool(draw(st.integers(0, 99)) >= 100 - percent)


def _one_of(draw: Draw, numbers: list[int], percent: int) -> int | None:
    return draw(st.sampled_from(numbers)) if numbers and _chance(draw, percent) else None


def _some(draw: Draw, numbers: list[int], percent: int, most: int = 2) -> tuple[int, ...]:
    if not numbers or not _chance(draw, percent):
        return ()
    return tuple(draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=most, unique=True)))


def _node(draw: Draw, number: int, before: list[Node]) -> Node:
    kind = draw(st.sampled_from(("thing", "thing", "thing", "thing", "group", "group", "provider")))
    things = [one.number for one in before if one.kind == "thing"]
    parents = [one.number for one in before if one.kind != "provider"]
    node = Node(
        number=number,
        kind=kind,
        name=f"n{number}",
        parent=_one_of(draw, parents, 40),
        # Not components: what depends on one depends on all that is in it, which soon makes circles.
        after=_some(draw, [one.number for one in before if one.kind == "thing"], 25),
        protect=draw(st.sampled_from((None, True, False))) if _chance(draw, 12) else None,
        retain=draw(st.sampled_from((None, True, False))) if _chance(draw, 12) else None,
    )
    return node if kind != "thing" else _thing(draw, node, before, things)


def _thing(draw: Draw, node: Node, before: list[Node], things: list[int]) -> Node:
    return replace(
        node,
        uses=_some(draw, things, 50),
        fixed=_chance(draw, 35),
        first=draw(st.sampled_from((None, True, False))) if _chance(draw, 40) else None,
        provider=_one_of(draw, [one.number for one in before if one.kind == "provider"], 40),
        deleted_with=_one_of(draw, things, 12),
        replace_with=_some(draw, things, 12),
        ignores=_chance(draw, 10),
        replaces_on_value=_chance(draw, 10),
        secret=_chance(draw, 25),
        hides_made=_chance(draw, 10),
        trigger=draw(st.integers(0, 3)) if _chance(draw, 12) else None,
    )


def _without(nodes: list[Node], gone: int) -> list[Node]:
    def left(numbers: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(one for one in numbers if one != gone)

    def unless(number: int | None) -> int | None:
        return None if number == gone else number

    return [
        replace(
            one,
            parent=unless(one.parent),
            uses=left(one.uses),
            after=left(one.after),
            provider=unless(one.provider),
            deleted_with=unless(one.deleted_with),
            replace_with=left(one.replace_with),
        )
        for one in nodes
        if one.number != gone
    ]


def _edited(draw: Draw, nodes: list[Node], number: int) -> list[Node]:
    # What was renamed or moved before has that name and place for good now.
    nodes = [replace(one, was="", moved=False) for one in nodes]
    if nodes and _chance(draw, 40):
        nodes = _without(nodes, draw(st.sampled_from([one.number for one in nodes])))
    nodes = [_changed(draw, one, nodes[:index]) for index, one in enumerate(nodes)]
    if _chance(draw, 50) or not nodes:
        nodes.append(_node(draw, number, nodes))
    return nodes


def _changed(draw: Draw, node: Node, before: list[Node]) -> Node:
    if not _chance(draw, 45):
        return node
    things = [one.number for one in before if one.kind == "thing"]
    what = draw(st.sampled_from(("value", "key", "name", "parent", "option", "uses", "provider", "secret", "trigger")))
    if what == "value":
        return replace(node, value=node.value + 1)
    if what == "key":
        return replace(node, key=node.key + 1)
    if what == "name":
        return replace(node, name=f"{node.name}x", was=node.name)
    if what == "parent":
        parents = [one.number for one in before if one.kind != "provider"]
        return replace(node, parent=_one_of(draw, parents, 60), parent_was=node.parent, moved=True)
    if what == "option":
        return replace(node, protect=None, retain=draw(st.sampled_from((None, True))), first=node.first is None)
    return node if node.kind != "thing" else _thing_changed(draw, node, before, (what, things))


def _thing_changed(draw: Draw, node: Node, before: list[Node], todo: tuple[str, list[int]]) -> Node:
    what, things = todo
    if what == "uses":
        return replace(node, uses=_some(draw, things, 60), deleted_with=_one_of(draw, things, 20))
    if what == "provider":
        return replace(node, provider=_one_of(draw, [one.number for one in before if one.kind == "provider"], 60))
    if what == "secret":
        return replace(node, secret=not node.secret)
    return replace(node, trigger=(node.trigger or 0) + 1)


@st.composite
def cases(draw: Draw, *, rounds: int = 2) -> tuple[Round, ...]:
    """A program, and its edits."""
    nodes: list[Node] = []
    for number in range(draw(st.integers(1, 7))):
        nodes.append(_node(draw, number, nodes))
    found = [_round(draw, nodes)]
    for index in range(rounds - 1):
        nodes = _edited(draw, nodes, 100 + index)
        found.append(_round(draw, nodes))
    return tuple(found)


def _round(draw: Draw, nodes: list[Node]) -> Round:
    names = [one.name for one in nodes if one.kind == "thing"]
    trouble = st.tuples(st.sampled_from(_CALLS), st.sampled_from(names or ["none"]), st.sampled_from(_WAYS))
    return Round(
        nodes=tuple(nodes),
        sabotage=tuple(draw(st.lists(trouble, max_size=3, unique_by=lambda one: one[:2]))),
        crash=draw(st.integers(0, 100)) if _chance(draw, 35) else None,
        parallel=draw(st.sampled_from((1, 4))),
        tolerant=_chance(draw, 25),
        refresh=_chance(draw, 25),
        direct=not _chance(draw, 8),
    )
