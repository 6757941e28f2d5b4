"""Imports go one way: faces, operations, stacks, components, catalog and bare metal; engine and providers apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, imports, module_name, python_files

ALLOWED = {
    "mf.cli": ("mf.cli", "mf.ops", "mf.errors", "mf.version"),
    "mf.ops": ("mf.ops", "mf.errors", "stacks", "components", "catalog", "baremetal", "engine", "providers"),
    "mf": ("mf",),
    "stacks": ("stacks", "components", "catalog", "baremetal"),
    "components": ("components", "catalog", "baremetal"),
    "catalog": ("catalog",),
    "baremetal": ("baremetal",),
    "providers": (
        "providers",
        "engine.provider_api",
        "engine.component_api",
        "engine.values",
        "engine.errors",
        "engine.kube",
        "engine.wire",
    ),
    "engine.kube": ("engine.kube", "engine.errors"),
    "engine": ("engine",),
}


def _room(module: str) -> str:
    """The most specific rule for a module."""
    return max((room for room in ALLOWED if f"{module}.".startswith(f"{room}.")), key=len)


def _is_ours(name: str) -> bool:
    return name.split(".")[0] in PACKAGES


@pytest.mark.parametrize("path", python_files(*PACKAGES), ids=module_name)
def test_module_imports_only_what_its_room_may_see(path: Path) -> None:
    allowed = ALLOWED[_room(module_name(path))]
    wrong = [
        name
        for name in imports(path)
        if _is_ours(name) and not any(f"{name}.".startswith(f"{prefix}.") for prefix in allowed)
    ]
    assert not wrong, f"{module_name(path)} may import {', '.join(allowed)}; it imports {', '.join(sorted(wrong))}"


def test_only_the_wire_room_and_the_grpc_edges_touch_protobuf_classes() -> None:
    edges = ("engine.wire", "engine.deploy", "engine.command", "engine.providers")
    wrong = [
        module_name(path)
        for path in python_files(*PACKAGES)
        if any("_pb2" in name for name in imports(path)) and not module_name(path).startswith(edges)
    ]
    assert not wrong
