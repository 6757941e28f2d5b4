"""Our own Python files, parsed once for the house tests (support file, holds no tests)."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("baremetal", "catalog", "components", "engine", "mf", "providers", "stacks")
TREES = (*PACKAGES, "bench", "tests")


@cache
def python_files(*trees: str) -> tuple[Path, ...]:
    """Every .py file below the named top folders, sorted."""
    return tuple(sorted(path for tree in trees for path in (ROOT / tree).rglob("*.py")))


@cache
def syntax(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def module_name(path: Path) -> str:
    """`engine/wire/struct.py` → `engine.wire.struct`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    """Dotted names of all modules that a file imports, late imports included."""
    found: set[str] = set()
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found
