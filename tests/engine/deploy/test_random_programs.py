"""Random programs, edits, failures and dead processes: whatever happens, the state and the cloud agree in the end."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

import engine.providers
from engine.errors import InitFailed, ProviderError
from engine.provider_api import CreateRequest
from engine.state.model import Deployment
from engine.urn import name_of
from tests.engine.deploy.cloud import Cloud, CloudProvider
from tests.engine.deploy.plan import Plan
from tests.engine.deploy.stage import Stage

_ROUNDS = 6
_SEEDS = range(int(os.environ.get("MF_RANDOM_PROGRAMS", "10")))


def _sabotage(cloud: Cloud, rng: random.Random, names: list[str]) -> None:
    def half(request: CreateRequest) -> None:
        id = f"{name_of(request.urn)}-half-{rng.random()}"
        cloud.things[id] = {}
        raise InitFailed(id=id, properties={"made": id}, reasons=["not ready"])

    def refuse(_: Any) -> None:
        raise ProviderError("refused")

    for name in names:
        if rng.random() < 0.25:
            call = rng.choice(("create", "update", "delete", "check", "diff", "create"))
            cloud.on(call, name, half if call == "create" and rng.random() < 0.4 else refuse)


@pytest.mark.parametrize("seed", _SEEDS)
def test_random_program_converges_and_leaves_nothing_behind(seed: int, tmp_path: Path) -> None:
    rng, cloud = random.Random(seed), Cloud()
    engine.providers.register("cloud", lambda host: CloudProvider(cloud, host))
    stage = Stage(cloud=cloud, directory=tmp_path, direct=seed % 2 == 0)
    plan = Plan(rng)
    for _ in range(_ROUNDS):
        _sabotage(cloud, rng, [node.name for node in plan.nodes])
        before = stage.state
        assert stage.preview(plan.run) is not None
        assert stage.state is before
        stage.up(plan.run, parallel=rng.choice((1, 4)), continue_on_error=rng.random() < 0.3)
        _agree(stage)
        cloud.hooks.clear()
        outcome = stage.up(plan.run)
        assert outcome.succeeded, (stage.errors(), plan.nodes)
        _agree(stage)
        cloud.forget_calls()
        again = stage.up(plan.run)
        assert set(again.changes) <= {"same"}, (again.changes, stage.ops())
        assert cloud.changes() == []
        plan.edit()
    assert stage.destroy().succeeded, stage.errors()
    assert stage.state.resources == ()
    assert cloud.things == {}


@dataclass
class Recorder(Stage):
    """Keeps, with every save, what the cloud looked like just before and just after it."""

    moments: list[tuple[Deployment, dict[str, Any]]] = field(default_factory=list)

    def _save(self, deployment: Deployment) -> None:
        if self.saves:
            # As if the process had died after the last provider call, before this save.
            self.moments.append((self.saves[-1], dict(self.cloud.things)))
        super()._save(deployment)
        self.moments.append((deployment, dict(self.cloud.things)))


@pytest.mark.parametrize("seed", _SEEDS)
def test_random_program_recovers_from_a_process_that_died_at_any_moment(seed: int, tmp_path: Path) -> None:
    rng, cloud = random.Random(seed), Cloud()
    engine.providers.register("cloud", lambda host: CloudProvider(cloud, host))
    stage = Recorder(cloud=cloud, directory=tmp_path, direct=seed % 2 == 0)
    plan = Plan(rng)
    for _ in range(_ROUNDS):
        stage.moments.clear()
        stage.up(plan.run, parallel=1)
        stage.state, cloud.things = rng.choice(stage.moments)
        lost = _lost(stage)
        outcome = stage.up(plan.run)
        assert outcome.succeeded, (stage.errors(), plan.nodes)
        for id in lost:
            cloud.things.pop(id)
        stage.state = replace(stage.state, pending=())
        _agree(stage)
        plan.edit()
    assert stage.destroy().succeeded
    assert cloud.things == {}


def _lost(stage: Stage) -> list[str]:
    """Things that the state can't know the ids of: at most one, and it is named as a pending creation."""
    known = {one.id for one in stage.state.resources}
    unknown = [id for id in stage.cloud.things if id not in known]
    creating = [name_of(one.resource.urn) for one in stage.state.pending if one.type == "creating"]
    assert all(id.rpartition("-")[0] in creating for id in unknown), (unknown, creating)
    return unknown


def _agree(stage: Stage) -> None:
    """What the cloud has is what the state knows, no more and no less."""
    known = [one.id for one in stage.state.resources if one.type == "cloud:index:Thing" and not one.pending_replacement]
    assert sorted(known) == sorted(stage.cloud.things)
    assert stage.state.pending == ()
