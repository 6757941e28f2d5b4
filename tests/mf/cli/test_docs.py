"""The page about the command line names every command, alias and exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from mf.cli import main
from mf.cli.catalogue import ALIASES, COMMANDS

PAGE = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_names_every_command(name: str) -> None:
    assert f"mf {name}" in PAGE


@pytest.mark.parametrize("alias", ALIASES)
def test_the_page_names_every_alias(alias: str) -> None:
    assert f"`{alias}`" in PAGE


def test_the_page_names_every_exit_code() -> None:
    codes = {0, *main.EXIT_CODES.values(), main.UNEXPECTED, main.INTERRUPTED}
    assert all(f"| {code} |" in PAGE for code in codes)
