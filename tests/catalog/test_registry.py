"""The registry finds what is in the folder and is loud about anything wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from catalog import registry
from catalog.errors import BrokenCatalog, UnknownService

GOOD = """
from catalog.model import Kind, Place, Plan, Service, not_offered
def plan(name): return Plan(name=name, summary="", cpu="1", cpu_limit="1", memory="1Gi", storage="1Gi")
SERVICE = Service(
    name="{name}", summary="", kind=Kind(name="k", keys=("uri",)), tags=(), plans=tuple(map(plan, {plans})),
    offerings={{place: not_offered("no") for place in {places}}},
)
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest):
    """Writes modules into a package of its own name and loads it."""
    name = f"services_{abs(hash(request.node.name))}"

    def load(**modules: str):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
        for module, text in modules.items():
            (folder / f"{module}.py").write_text(text)
        monkeypatch.syspath_prepend(str(tmp_path))
        return registry.load(name, (str(folder),))

    return load


def service(name: str, *, plans: str = "('small', 'medium', 'large')", places: str = "Place") -> str:
    return GOOD.format(name=name, plans=plans, places=places)


def test_dropping_in_a_file_is_all_it_takes(package) -> None:
    found = package(zebra=service("zebra"), apple_pie=service("apple-pie"))
    assert [item.name for item in found] == ["apple-pie", "zebra"]


@pytest.mark.parametrize(
    ("module", "problem"),
    [
        (service("other"), "calls itself 'other'; its module's name says 'one'"),
        (service("one", plans="('small', 'large')"), "must have small, medium, large"),
        (service("one", places="[Place.LOCAL]"), "says nothing about aws, gcp, azure"),
        ("import no_such_module", "can't be imported: No module named 'no_such_module'"),
        ("X = 1", "defines no SERVICE"),
        ("SERVICE = 1", "no catalog.model.Service"),
    ],
)
def test_a_module_that_breaks_a_rule_is_named_with_the_rule(package, module: str, problem: str) -> None:
    with pytest.raises(BrokenCatalog, match="catalog service 'one'") as error:
        package(one=module)
    assert problem in str(error.value)


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "twin.py").touch()
    with pytest.raises(BrokenCatalog, match="'twin' is there twice"):
        registry.load("anything", (str(tmp_path / "a"), str(tmp_path / "b")))


def test_an_unknown_service_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownService, match=r"no service 'oracle'; choose one of: .*postgresql"):
        registry.get("oracle")


def test_the_catalog_loads_without_any_pulumi_package() -> None:
    code = "import sys; from catalog import registry; registry.all(); print([m for m in sys.modules if 'pulumi' in m])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
