"""Files and functions stay small enough to be read in one go."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.sources import TREES, module_name, python_files, syntax

FILE_LINES = 350
TEST_FILE_LINES = 400
FUNCTION_LINES = 50
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "lib", "misc"}


@pytest.mark.parametrize("path", python_files(*TREES), ids=module_name)
def test_file_is_no_longer_than_a_reader_can_hold(path: Path) -> None:
    limit = TEST_FILE_LINES if module_name(path).startswith("tests") else FILE_LINES
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= limit, f"{module_name(path)} has {lines} lines; split it below {limit}"


@pytest.mark.parametrize("path", python_files(*TREES), ids=module_name)
def test_functions_fit_on_a_page(path: Path) -> None:
    long = [
        f"{node.name} ({(node.end_lineno or 0) - node.lineno + 1})"
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert not long, f"{module_name(path)}: functions over {FUNCTION_LINES} lines: {', '.join(long)}"


@pytest.mark.parametrize("path", python_files(*TREES), ids=module_name)
def test_module_says_in_one_line_what_it_is_for_and_has_a_telling_name(path: Path) -> None:
    assert path.stem not in BANNED_NAMES, f"{path.stem} says nothing; name the concept"
    source = path.read_text(encoding="utf-8")
    assert not source.strip() or ast.get_docstring(syntax(path)), f"{module_name(path)} lacks a docstring"
