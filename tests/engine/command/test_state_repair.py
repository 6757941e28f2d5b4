"""`pulumi state repair`: right order, no references into nothing, or nothing at all."""

from __future__ import annotations

import random
from dataclasses import replace

from engine.state import integrity
from engine.state.model import Deployment, Resource
from engine.state.repair import in_order
from tests.engine.command.test_state import ALL, GROUP, HEAD, INNER, PROVIDER, ROOT, A, B, state_file, store, stored


def test_a_sound_state_is_left_alone(dev, salt):
    store(dev, salt, *ALL)
    before = state_file(dev).read_bytes()
    assert dev("state", "repair", "--yes") == 0
    assert dev.text == "The snapshot is already valid; skipping repair"
    assert state_file(dev).read_bytes() == before


def test_any_order_is_put_right(dev, salt):
    for seed in range(5):
        mixed = list(ALL)
        random.Random(seed).shuffle(mixed)
        store(dev, salt, *mixed)
        assert dev("state", "repair", "--yes") == 0, dev.complaint
        assert {item["urn"] for item in stored(dev)} == {item.urn for item in ALL}
        assert dev("state", "protect", A.urn) == 0, dev.complaint


def test_references_into_nothing_are_dropped_and_orphans_move_to_the_top(dev, salt):
    lost = f"{HEAD}p:m:Thing::lost"
    store(dev, salt, ROOT, PROVIDER, replace(B, dependencies=(lost,), property_dependencies={"x": (lost,)}), INNER)
    assert dev("state", "repair", "--yes") == 0, dev.complaint
    by_urn = {item["urn"]: item for item in stored(dev)}
    assert "dependencies" not in by_urn[B.urn]
    assert by_urn[B.urn]["propertyDependencies"] == {"x": []}
    assert "parent" not in by_urn[f"{HEAD}p:m:Thing::inner"]


def test_what_would_be_done_is_shown_where_nobody_said_yes(dev, salt):
    store(dev, salt, ROOT, PROVIDER, B, A, INNER)
    before = state_file(dev).read_bytes()
    assert dev("state", "repair") == 1
    assert "The following resources will be reordered to appear before their dependents:" in dev.out
    assert f"  - {GROUP.urn} [parent]" in dev.out
    assert "--yes must be passed" in dev.complaint
    assert state_file(dev).read_bytes() == before


def test_a_circle_and_a_lost_provider_are_beyond_repair(dev, salt):
    for resources in ((ROOT, PROVIDER, replace(A, dependencies=(B.urn,)), B), (ROOT, A)):
        store(dev, salt, *resources)
        before = state_file(dev).read_bytes()
        assert dev("state", "repair", "--yes") == 1
        assert "Failed to repair the snapshot automatically" in dev.complaint
        assert state_file(dev).read_bytes() == before


def test_a_long_chain_is_sorted_without_deep_calls():
    urns = [f"{HEAD}p:m:Group::{number}" for number in range(5000)]
    chain = [
        Resource(urn=urn, type="p:m:Group", custom=False, dependencies=(urns[number + 1],) if number < 4999 else ())
        for number, urn in enumerate(urns)
    ]
    assert not list(integrity.faults(Deployment(resources=in_order(chain))))


def test_nothing_is_to_be_upgraded(dev):
    assert dev("state", "upgrade", "--yes") == 0
    assert dev.text == "Nothing to do"
