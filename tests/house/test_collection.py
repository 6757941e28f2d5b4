"""Every file under tests is collected by the runner or is a named support file."""

from __future__ import annotations

from pathlib import Path

from tests.house.sources import ROOT, module_name, python_files, syntax


def _defines_tests(path: Path) -> bool:
    return any(getattr(node, "name", "").startswith(("test_", "Test")) for node in syntax(path).body)


def test_every_test_file_has_the_name_that_the_runner_looks_for() -> None:
    lost = [module_name(p) for p in python_files("tests") if _defines_tests(p) and not p.name.startswith("test_")]
    assert not lost, f"defines tests, but is never collected: {', '.join(lost)}"


def test_support_files_say_so() -> None:
    plain = [
        p
        for p in python_files("tests")
        if not p.name.startswith("test_") and p.name not in ("__init__.py", "conftest.py")
    ]
    silent = [str(p.relative_to(ROOT)) for p in plain if "support" not in p.read_text(encoding="utf-8").split('"""')[1]]
    assert not silent, f"neither tests nor named support files: {', '.join(silent)}"
