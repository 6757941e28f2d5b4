"""Support: Pulumi mocks that remember every resource; a program is run as the SDK would run it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks, settings


@dataclass
class Made:
    """What a program registered; `reads` are the states that lookups by id answer with."""

    resources: list[pulumi.runtime.MockResourceArgs] = field(default_factory=list)
    reads: dict[str, dict[str, Any]] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    """Type and name of each resource → its parent's URN; empty for what hangs on nothing but the stack."""

    def of(self, type_suffix: str) -> list[dict[str, Any]]:
        """Inputs of all resources of a type."""
        return [item.inputs for item in self.resources if item.typ.endswith(type_suffix)]

    def one(self, type_suffix: str) -> dict[str, Any]:
        (found,) = self.of(type_suffix)
        return found


_SIGNATURE = "4dabf18193072939515e22adb298388d"


def is_secret(value: Any) -> bool:
    """Whether the program marked the value as secret."""
    return isinstance(value, dict) and _SIGNATURE in value


def opened(value: Any) -> Any:
    """What is inside a secret; the mocks get it wrapped."""
    return value["value"] if is_secret(value) else value


class _Mocks(pulumi.runtime.Mocks):
    def __init__(self, made: Made) -> None:
        self.made = made

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if args.resource_id:
            return args.resource_id, self.made.reads[args.resource_id]
        self.made.resources.append(args)
        return f"{args.name}-id", {**args.inputs, **_drawn(args)}

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        raise AssertionError(f"no call of {args.token} was expected")


class _Monitor(mocks.MockMonitor):
    """Also remembers who is whose child, which mocks are not told."""

    def __init__(self, made: Made) -> None:
        super().__init__(_Mocks(made))
        self.made = made

    def RegisterResource(self, request: Any) -> Any:
        self.made.parents[f"{request.type} {request.name}"] = request.parent
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK does not annotate it


def _drawn(args: pulumi.runtime.MockResourceArgs) -> dict[str, Any]:
    """Outputs that providers draw."""
    if args.typ.endswith("RandomPassword"):
        return {"result": f"password-of-{args.name}"}
    if args.typ.endswith("RandomId"):
        return {"hex": "0badcafe"}
    return {"stdout": "", "stderr": ""} if args.typ == "command:local:Command" else {}


@pytest.fixture
def run() -> Callable[..., Made]:
    """Runs a program under mocks and gives what it registered."""

    def execute(program: Callable[[], object], *, reads: dict[str, dict[str, Any]] | None = None) -> Made:
        made = Made(reads=reads or {})
        settings.reset_options()
        pulumi.runtime.set_mocks(_Mocks(made), preview=False, monitor=_Monitor(made))

        pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]  # the SDK does not annotate it
        return made

    return execute
