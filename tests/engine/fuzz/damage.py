"""Ways to damage a file (support file, holds no tests)."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import strategies as st

_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -1, 0, 2**53 + 1, 1e308, float("nan"), float("inf")]),
    st.text(max_size=8),
    st.sampled_from(["", "urn:pulumi:a::b::c::d", "::", "v1:%%%:x", "\ud800", "\x00", "organization/x/y", "é" * 300]),
)
VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
"""Any JSON, with what is hard to hold among it."""


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every member of a tree: its container, and its key or index."""
    found: list[tuple[Any, Any]] = []
    keys = tree.keys() if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        found += [(tree, key), *places(tree[key])]
    return found


@st.composite
def damaged_trees(draw: st.DrawFn, tree: Any) -> bytes:
    """The JSON of a tree with one to three members replaced, dropped, doubled or exchanged."""
    tree = copy.deepcopy(tree)
    for _ in range(draw(st.integers(1, 3))):
        spots = places(tree)
        if not spots:
            break
        container, key = draw(st.sampled_from(spots))
        match draw(st.sampled_from(["replace", "drop", "double", "exchange"])):
            case "replace":
                container[key] = draw(VALUES)
            case "drop":
                del container[key]
            case "double" if isinstance(container, list):
                container.append(copy.deepcopy(container[key]))
            case _:
                other, name = draw(st.sampled_from(spots))
                container[key], other[name] = copy.deepcopy(other[name]), copy.deepcopy(container[key])
    return json.dumps(tree).encode()


@st.composite
def damaged_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    """A file that was cut off, or has bytes in it that nobody wrote."""
    at = draw(st.integers(0, len(data)))
    match draw(st.sampled_from(["cut", "insert", "overwrite", "anything", "nested"])):
        case "cut":
            return data[:at]
        case "insert":
            return data[:at] + draw(st.binary(min_size=1, max_size=4)) + data[at:]
        case "overwrite":
            junk = draw(st.binary(min_size=1, max_size=4))
            return data[:at] + junk + data[at + len(junk) :]
        case "nested":
            return b"[" * 20_000
        case _:
            return draw(st.binary(max_size=64))
