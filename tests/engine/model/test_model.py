"""Whatever is done to a stack: its state stays sound, nothing is lost or doubled, and it comes to rest.

`MF_NIGHTLY=1` tries 10,000 cases instead of 300; `MF_SEED` repeats a run whose seed was printed, and
`MF_SHRINK=1` makes a failing case as small as it gets.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

import engine.providers
from engine.deploy.api import Outcome
from engine.secrets import Passphrase
from engine.state.serialise import StateCodec
from engine.urn import name_of
from engine.values import UNKNOWN
from engine.values_walk import any_value
from tests.engine.deploy.cloud import Cloud
from tests.engine.model.case import Round, cases
from tests.engine.model.shape import run
from tests.engine.model.world import KnowingProvider, World
from tests.support.telling import say

NIGHTLY = os.environ.get("MF_NIGHTLY") == "1"
CASES = int(os.environ.get("MF_CASES") or (10_000 if NIGHTLY else 300))
SEED = int(os.environ.get("MF_SEED") or (random.SystemRandom().randrange(10**9) if NIGHTLY else 20261121))

PHASES = (Phase.generate, Phase.shrink) if os.environ.get("MF_SHRINK") == "1" else (Phase.generate,)
"""Making a failing case smaller takes minutes: only on request."""

_PARTS = ("delete-replaced", "create-replacement", "discard-replaced", "read-replacement", "remove-pending-replace")


@pytest.fixture(scope="module")
def codec() -> StateCodec:
    """What writes states; the key is derived once."""
    return StateCodec(Passphrase.create(lambda: "correct horse"))


@pytest.fixture(scope="module", autouse=True)
def told(request: pytest.FixtureRequest) -> None:
    """Say in every run how it can be repeated."""
    say(request, f"model: {CASES} cases, seed {SEED} (repeat with MF_SEED={SEED} MF_CASES={CASES})")


@seed(SEED)
@settings(max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(case=cases(rounds=2))
def test_any_program_comes_to_rest_and_leaves_nothing_behind(
    case: tuple[Round, ...], codec: StateCodec, tmp_path_factory: pytest.TempPathFactory
) -> None:
    world = _world(codec, tmp_path_factory.getbasetemp())
    for number, one in enumerate(case):
        _go_wrong(world, one)
        _go_right(world, one, last=number == len(case) - 1)
    world.unprotect()
    assert world.destroy().succeeded, world.errors()
    world.agree()
    assert world.state.resources == ()
    assert world.cloud.things == {}


def _world(codec: StateCodec, folder: Path) -> World:
    cloud = Cloud()
    engine.providers.register("cloud", lambda host: KnowingProvider(cloud, host))
    return World(cloud=cloud, directory=folder, codec=codec)


def _go_wrong(world: World, one: Round) -> None:
    """The first attempt, with all that may happen to it."""
    world.direct = one.direct
    if not one.sabotage and one.crash is None:
        return
    world.moments.clear()
    world.break_down(one.sabotage)
    world.up(lambda: run(one.nodes), parallel=one.parallel, continue_on_error=one.tolerant)
    world.cloud.hooks.clear()
    if one.crash is None:
        world.agree()
    else:
        world.crash(one.crash)


def _go_right(world: World, one: Round, *, last: bool) -> None:
    foretold = _preview(world, one)
    outcome = world.up(lambda: run(one.nodes), parallel=one.parallel, refresh=one.refresh)
    if _is_protected(world, outcome):
        world.agree()
        world.unprotect()
        foretold = None
        nodes = tuple(_unprotected(node) for node in one.nodes)
        outcome = world.up(lambda: run(nodes))
    assert outcome.succeeded, world.errors()
    if foretold is not None and not one.refresh:
        _compare(foretold, _steps(world), world)
    world.agree()
    if last:
        world.cloud.forget_calls()
        again = world.up(lambda: run(one.nodes))
        changes = {op for op in again.changes if again.changes[op]}
        assert changes <= {"same"}, (again.changes, world.ops(), world.errors())
        assert world.cloud.changes() == []


def _unprotected(node: Any) -> Any:
    from dataclasses import replace

    return replace(node, protect=None)


def _is_protected(world: World, outcome: Outcome) -> bool:
    return not outcome.succeeded and any("protect" in line for line in world.errors())


Foretold = tuple[dict[str, set[str]], set[str]]


def _preview(world: World, one: Round) -> Foretold | None:
    """What a preview says of each resource, and of which resources it can't know enough; it changes nothing."""
    state, things = world.state, {id: dict(thing) for id, thing in world.cloud.things.items()}
    world.cloud.forget_calls()
    outcome = world.preview(lambda: run(one.nodes))
    assert world.state is state
    assert world.cloud.things == things
    assert world.saves == []
    assert world.cloud.changes() == []
    if not outcome.succeeded:
        assert _is_protected(world, outcome), world.errors()
        return None
    unsure = {name_of(asked.urn) for asked in world.cloud.requests if _has_unknown(asked)}
    return _steps(world), unsure


def _has_unknown(request: Any) -> bool:
    for field in ("news", "inputs"):
        props = getattr(request, field, None)
        if props is not None and any_value(props, lambda value: value is UNKNOWN):
            return hasattr(request, "urn")
    return False


def _steps(world: World) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for op, name in world.ops("resourcePreEvent"):
        if op not in _PARTS:
            found.setdefault(name, set()).add(op)
    return found


def _compare(foretold: Foretold, done: dict[str, set[str]], world: World) -> None:
    said, unsure = foretold
    if any(instance for instance in unsure if instance not in said):
        return
    for name in said.keys() | done.keys():
        if name not in unsure:
            assert said.get(name) == done.get(name), (name, said, done, world.ops())
