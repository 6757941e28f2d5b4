"""Whatever a provider in this process answers: one clear line on its resource, no traceback, and a sound state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import engine.providers
from engine.errors import InitFailed
from engine.provider_api import CheckFailure, CheckReply, CreateReply, DiffChanges, DiffReply, ReadReply, UpdateReply
from engine.state import integrity
from engine.state.serialise import StateCodec, unwrap, wrap_export
from engine.values import UNKNOWN
from tests.engine.deploy.cloud import Cloud, CloudProvider
from tests.engine.deploy.stage import Stage, Thing

ANY: Any = None
_round: dict[str, Any] = {}
_round["itself"] = _round


def _deep(levels: int) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for _ in range(levels):
        tree = {"in": tree}
    return tree


def _reply(kind: type[Any], **fields: Any) -> Any:
    return kind(**fields)


NONSENSE: dict[str, Any] = {
    "a text": "nonsense",
    "a number": 7,
    "a list": [1],
    "a map": {"id": "x"},
    "an object": object(),
}
MALFORMED: dict[str, list[Any]] = {
    "check": [
        _reply(CheckReply, inputs=None),
        _reply(CheckReply, inputs=["value"]),
        _reply(CheckReply, inputs={1: 2}),
        _reply(CheckReply, inputs={"value": object()}),
        _reply(CheckReply, inputs={"value": {1, 2}}),
        _reply(CheckReply, inputs=_round),
        _reply(CheckReply, inputs=_deep(5000)),
        _reply(CheckReply, inputs={"value": UNKNOWN}),
        _reply(CheckReply, inputs={}, failures=None),
        _reply(CheckReply, inputs={}, failures=["wrong"]),
        _reply(CheckReply, inputs={}, failures=[CheckFailure(ANY, ANY)]),
    ],
    "diff": [
        _reply(DiffReply, changes=None),
        _reply(DiffReply, changes=9),
        _reply(DiffReply, changes=DiffChanges.SOME, replaces=None),
        _reply(DiffReply, changes=DiffChanges.SOME, replaces=[1]),
        _reply(DiffReply, changes=DiffChanges.SOME, diffs=None),
        _reply(DiffReply, changes=DiffChanges.SOME, detailed={"value": "update"}),
        _reply(DiffReply, changes=DiffChanges.SOME, detailed=None),
    ],
    "create": [
        _reply(CreateReply, id="", outputs={}),
        _reply(CreateReply, id=None, outputs={}),
        _reply(CreateReply, id=7, outputs={}),
        _reply(CreateReply, id="x", outputs=None),
        _reply(CreateReply, id="x", outputs=["made"]),
        _reply(CreateReply, id="x", outputs={1: 2}),
        _reply(CreateReply, id="x", outputs={"made": object()}),
        _reply(CreateReply, id="x", outputs={"made": b"bytes"}),
        _reply(CreateReply, id="x", outputs=_round),
        _reply(CreateReply, id="x", outputs=_deep(5000)),
        _reply(CreateReply, id="x", outputs={"made": UNKNOWN}),
    ],
    "update": [
        _reply(UpdateReply, outputs=None),
        _reply(UpdateReply, outputs="made"),
        _reply(UpdateReply, outputs={"made": object()}),
        _reply(UpdateReply, outputs={"made": UNKNOWN}),
    ],
    "read": [
        _reply(ReadReply, id=None, outputs=None),
        _reply(ReadReply, id="a-1", outputs=None),
        _reply(ReadReply, id="a-1", outputs={"made": object()}),
        _reply(ReadReply, id=7, outputs={}),
        _reply(ReadReply, id="a-1", outputs={}, inputs="value"),
    ],
}
CASES = [(call, reply) for call, replies in MALFORMED.items() for reply in [*replies, *NONSENSE.values()]]


def _name(value: Any) -> str:
    return value if isinstance(value, str) else type(value).__name__


class Frank(CloudProvider):
    """Answers what it was told to, however wrong."""

    def _answer(self, call: str, request: Any, usual: Any) -> Any:
        wrong = self.cloud.hooks.get(("wrong", call))
        if wrong is not None and "::a" in request.urn:
            return wrong(request)
        return usual(request)

    def check(self, request: Any) -> Any:
        return self._answer("check", request, super().check)

    def diff(self, request: Any) -> Any:
        return self._answer("diff", request, super().diff)

    def create(self, request: Any) -> Any:
        return self._answer("create", request, super().create)

    def update(self, request: Any) -> Any:
        return self._answer("update", request, super().update)

    def read(self, request: Any) -> Any:
        return self._answer("read", request, super().read)

    def delete(self, request: Any) -> Any:
        return self._answer("delete", request, super().delete)


@pytest.fixture
def frank(tmp_path: Path) -> Stage:
    """A stack whose provider may answer nonsense about `a`."""
    cloud = Cloud()
    engine.providers.register("cloud", lambda host: Frank(cloud, host))
    return Stage(cloud=cloud, directory=tmp_path, direct=True)


def _run(stage: Stage, call: str, wrong: Any) -> bool:
    if call != "create" and call != "check":
        assert stage.up(lambda: program(1)).succeeded
    stage.cloud.on("wrong", call, wrong)
    if call == "read":
        return stage.refresh().succeeded
    if call == "delete":
        return stage.up(lambda: None).succeeded
    return stage.up(lambda: program(2)).succeeded


def program(value: int) -> None:
    """`b` has nothing to do with the trouble of `a`."""
    Thing("a", value=value)
    Thing("b", value=0)


def _judge(stage: Stage, *, succeeded: bool) -> None:
    integrity.check(stage.state)
    codec = StateCodec(None)
    text = codec.dump(stage.state)
    assert codec.load(unwrap(wrap_export(text), key="deployment", what="the state")).resources
    assert stage.state.pending == ()
    told = [one["diagnosticEvent"] for one in stage.events if "diagnosticEvent" in one]
    assert not any("Traceback" in line["message"] for line in told), told
    if succeeded:
        return
    errors = [line for line in told if line["severity"] == "error"]
    on_resource = [line for line in errors if line.get("urn", "").endswith("::a")]
    assert len(on_resource) == 1, errors
    assert 0 < len(on_resource[0]["message"].strip()) < 1000
    stage.cloud.hooks.clear()
    assert stage.up(lambda: program(2)).succeeded, stage.errors()


@pytest.mark.parametrize(("call", "reply"), CASES, ids=[f"{call}-{_name(reply)}" for call, reply in CASES])
def test_malformed_reply_is_one_line_on_its_resource(call: str, reply: Any, frank: Stage) -> None:
    _judge(frank, succeeded=_run(frank, call, lambda _: reply))


@pytest.mark.parametrize("call", ["check", "diff", "create", "update", "read", "delete"])
@pytest.mark.parametrize(
    "error",
    [
        KeyError("secret"),
        RecursionError("too deep"),
        MemoryError(),
        SystemExit(3),
        GeneratorExit(),
        InitFailed(id="", properties={}, reasons=[]),
        InitFailed(id=ANY, properties=ANY, reasons=["no reason"]),
        ValueError("x" * 100_000),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_is_raised_is_one_line_on_its_resource(call: str, error: BaseException, frank: Stage) -> None:
    def trouble(_request: Any) -> None:
        raise error

    succeeded = _run(frank, call, trouble)
    assert not succeeded or isinstance(error, InitFailed)
    _judge(frank, succeeded=succeeded)


def test_a_very_large_reply_is_kept(frank: Stage) -> None:
    large = {"made": "x" * 20_000_000, "list": list(range(100_000))}
    assert _run(frank, "create", lambda _: CreateReply(id="a-9", outputs=large))
    assert frank.resource("a").outputs["made"] == large["made"]
    _judge(frank, succeeded=True)
