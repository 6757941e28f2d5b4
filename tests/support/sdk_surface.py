"""For tests (support file): which resource types and functions a provider's SDK package has, read from its source."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Type:
    """A resource type's inputs and its outputs that are not inputs, as Pulumi calls them."""

    inputs: frozenset[str]
    outputs: frozenset[str]


def types(package: str) -> dict[str, Type]:
    """Every resource type by its token."""
    found: dict[str, Type] = {}
    for source in _sources(package):
        match = re.search(r"super\(\w+, __self__\)\.__init__\(\s*'(\w+:[^':]+:\w+)'", source)
        if match:
            classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
            arguments = next((one for one in classes if one.name.endswith("Args")), None)
            inputs = _properties(arguments) if arguments else frozenset()
            found[match.group(1)] = Type(inputs, _properties(classes[-1]) - inputs)
    return found


def functions(package: str) -> set[str]:
    """Every function's token."""
    pattern = re.compile(r"pulumi\.runtime\.invoke\('(\w+:[^']+)'")
    return {token for source in _sources(package) for token in pattern.findall(source)}


def _sources(package: str) -> Iterator[str]:
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.origin, f"{package} is not installed"
    for file in sorted(Path(spec.origin).parent.rglob("*.py")):
        yield file.read_text(encoding="utf-8")


def _properties(of: ast.ClassDef) -> frozenset[str]:
    return frozenset(name for node in of.body if isinstance(node, ast.FunctionDef) for name in _getter(node))


def _getter(node: ast.FunctionDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Attribute) and decorator.attr == "getter":
            yield node.name
        elif isinstance(decorator, ast.Call) and getattr(decorator.func, "attr", "") == "getter":
            yield next(str(ast.literal_eval(one.value)) for one in decorator.keywords if one.arg == "name")
