"""A change of a list, written as the runs that stay and the members that are new."""

from __future__ import annotations

import json
import random

import pytest

from engine.state.delta import applied, changes, text


def _row(item: object) -> str:
    return json.dumps({"row": item})


@pytest.mark.parametrize("seed", range(200))
def test_applying_the_written_change_gives_the_list_after_it(seed: int) -> None:
    dice = random.Random(seed)
    before = tuple(f"item {number}" for number in range(dice.randrange(30)))
    kept = [item for item in before if dice.random() < 0.8]
    for number in range(dice.randrange(4)):
        kept.insert(dice.randrange(len(kept) + 1), f"new {number}")
    if dice.random() < 0.3:
        dice.shuffle(kept)
    parts = json.loads(text(changes(before, tuple(kept)), _row))
    trees = [json.loads(_row(item)) for item in before]
    assert applied(trees, parts) == [json.loads(_row(item)) for item in kept]


def test_one_more_finished_resource_costs_two_ranges_and_itself() -> None:
    before = tuple(f"item {number}" for number in range(10_000))
    after = (*before[:4_000], "new", *before[4_001:])
    assert changes(before, after) == [range(4_000), "new", range(4_001, 10_000)]
