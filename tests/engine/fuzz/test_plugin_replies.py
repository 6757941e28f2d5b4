"""Whatever a plugin answers over gRPC: one clear line on its resource, no traceback, and a sound state."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pulumi
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2

from engine.state import integrity
from tests.engine.deploy.stage import Stage
from tests.engine.golden import wire_server
from tests.engine.golden.recorder import Recording

_SIGNATURE = "4dabf18193072939515e22adb298388d"


def _struct(**fields: Any) -> Struct:
    struct = Struct()
    struct.update(fields)
    return struct


def _deep(levels: int) -> Any:
    tree: Any = "bottom"
    for _ in range(levels):
        tree = {"in": tree}
    return tree


class Rogue(wire_server.Servicer):
    """Answers what it was told to, about `a` alone."""

    wrong: dict[str, Any]

    def _or(self, call: str, request: Any, context: Any) -> Any:
        wrong = self.wrong.get(call)
        if wrong is not None and request.urn.endswith("::a"):
            return wrong(context) if callable(wrong) else wrong
        return getattr(super(), call)(request, context)

    def Check(self, request: Any, context: Any) -> Any:
        return self._or("Check", request, context)

    def Diff(self, request: Any, context: Any) -> Any:
        return self._or("Diff", request, context)

    def Create(self, request: Any, context: Any) -> Any:
        return self._or("Create", request, context)

    def Update(self, request: Any, context: Any) -> Any:
        return self._or("Update", request, context)

    def Delete(self, request: Any, context: Any) -> Any:
        return self._or("Delete", request, context)


def _abort(code: grpc.StatusCode, text: str, details: bytes = b"") -> Any:
    def abort(context: Any) -> None:
        if details:
            context.set_trailing_metadata((("grpc-status-details-bin", details),))
        context.abort(code, text)

    return abort


def _raise(_context: Any) -> None:
    raise RuntimeError("a bug in the plugin")


NOISE = random.Random(7).randbytes(300)
WRONG: list[tuple[str, Any]] = [
    ("Check", provider_pb2.CheckResponse(inputs=_struct(**{_SIGNATURE: "no such kind", "x": 1}))),
    ("Check", provider_pb2.CheckResponse(inputs=_struct(value={_SIGNATURE: "no such kind"}))),
    ("Check", provider_pb2.CheckResponse(failures=[provider_pb2.CheckFailure()])),
    ("Check", provider_pb2.DiffResponse(replaces=["x"])),
    ("Diff", provider_pb2.DiffResponse(changes=7)),  # type: ignore[arg-type] # no such number
    ("Diff", provider_pb2.DiffResponse(hasDetailedDiff=True, detailedDiff={"][": provider_pb2.PropertyDiff()})),
    ("Create", provider_pb2.CreateResponse()),
    ("Create", provider_pb2.CreateResponse(id="x", properties=_struct(made={_SIGNATURE: 7}))),
    ("Create", provider_pb2.CreateResponse(id="x", properties=_struct(made=_deep(30)))),
    ("Create", provider_pb2.CreateResponse(id="x", properties=_struct(made="m" * 8_000_000))),
    ("Create", provider_pb2.CheckResponse(inputs=_struct(a=1))),
    ("Update", provider_pb2.UpdateResponse()),
    *(
        (call, trouble)
        for call in ("Check", "Diff", "Create", "Update", "Delete")
        for trouble in (
            _raise,
            _abort(grpc.StatusCode.INTERNAL, ""),
            _abort(grpc.StatusCode.UNKNOWN, "line one\nline two"),
            _abort(grpc.StatusCode.UNIMPLEMENTED, "not here"),
            _abort(grpc.StatusCode.UNKNOWN, "half", NOISE),
        )
    ),
]


@pytest.fixture
def rogue(tmp_path: Path) -> Iterator[tuple[Stage, Rogue]]:
    """A stack that is attached to a plugin."""
    cloud = Recording()
    servicer = Rogue(cloud)
    servicer.wrong = {}
    with wire_server.serving(cloud, servicer) as port:
        stage = Stage(cloud=cloud, directory=tmp_path, direct=True)
        stage.environment = {**os.environ, "PULUMI_DEBUG_PROVIDERS": f"rogue:{port}"}
        yield stage, servicer


def program(value: int) -> None:
    """`b` has nothing to do with the trouble of `a`."""
    for name, number in (("a", value), ("b", 0)):
        pulumi.CustomResource("rogue:index:Thing", name, {"value": number})


def _name(case: Any) -> str:
    return case if isinstance(case, str) else str(getattr(case, "__name__", type(case).__name__))


@pytest.mark.parametrize(("call", "wrong"), WRONG, ids=_name)
def test_malformed_reply_is_one_line_on_its_resource(call: str, wrong: Any, rogue: tuple[Stage, Rogue]) -> None:
    stage, servicer = rogue
    if call not in ("Check", "Create"):
        assert stage.up(lambda: program(1)).succeeded, stage.errors()
    servicer.wrong[call] = wrong
    outcome = stage.up(lambda: program(2) if call != "Delete" else None)
    integrity.check(stage.state)
    assert stage.state.pending == ()
    told = [one["diagnosticEvent"] for one in stage.events if "diagnosticEvent" in one]
    assert not any("Traceback" in line["message"] for line in told), told
    if not outcome.succeeded:
        errors = [line for line in told if line["severity"] == "error" and line.get("urn", "").endswith("::a")]
        assert len(errors) == 1, told
        assert errors[0]["message"].strip()
    servicer.wrong.clear()
    assert stage.up(lambda: program(3)).succeeded, stage.errors()
