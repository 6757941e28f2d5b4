"""Planning: the preferred source that can be reached, and nothing that is there already."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from baremetal.bundle.builder import Builder, silent
from baremetal.bundle.go_program import GoBatch
from baremetal.bundle.model import Ingredient, Part
from baremetal.bundle.plan import Plan, Planner
from baremetal.bundle.store import Store
from tests.baremetal.bundle.conftest import FakeMaker


def part(name: str, *sources: FakeMaker) -> Part:
    return Part(name=name, version="1", summary="", sources=sources)


def ingredients(**makers: FakeMaker) -> dict[str, Ingredient]:
    return {name: Ingredient(name=name, version="1", maker=maker) for name, maker in makers.items()}


def carry_out(store: Store, plan: Plan) -> None:
    Builder(store, plan, GoBatch(), silent).run()


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [(True, True, "official"), (False, True, "mirror"), (False, False, "built")],
)
def test_first_source_that_can_be_reached_is_chosen(store: Store, first: bool, second: bool, chosen: str) -> None:
    sources = (
        FakeMaker(text="official", answers=first),
        FakeMaker(text="mirror", answers=second),
        FakeMaker(text="built", answers=False),
    )
    plan = Planner(store, {}).plan([part("etcd", *sources)])
    assert plan.tasks["etcd"].maker.recipe() == {"text": chosen}


def test_last_resort_is_not_asked_whether_it_can_be_reached(store: Store) -> None:
    last = FakeMaker(text="built")
    Planner(store, {}).plan([part("etcd", FakeMaker(answers=False), last)])
    assert last.probes == 0


def test_part_that_is_there_is_taken_without_a_look_at_the_network(store: Store) -> None:
    wanted = [part("etcd", FakeMaker(text="official", answers=False), FakeMaker(text="built"))]
    carry_out(store, Planner(store, {}).plan(wanted))
    official = FakeMaker(text="official", answers=True)
    plan = Planner(store, {}).plan([part("etcd", official, FakeMaker(text="built"))])
    assert (list(plan.ready), plan.tasks, official.probes) == (["etcd"], {}, 0)


def test_ingredients_come_along_once_with_what_is_beneath_them(store: Store) -> None:
    known = ingredients(root=FakeMaker(text="r"), layer=FakeMaker(text="l", needs=("root",)))
    wanted = [part("a", FakeMaker(needs=("layer",))), part("b", FakeMaker(text="b", needs=("root", "layer")))]
    assert sorted(Planner(store, known).plan(wanted).tasks) == ["a", "b", "layer", "root"]


def test_ingredients_of_a_part_that_is_there_are_not_made(store: Store) -> None:
    known = ingredients(root=FakeMaker(text="r"))
    wanted: Sequence[Part] = [part("a", FakeMaker(needs=("root",)))]
    carry_out(store, Planner(store, known).plan(wanted))
    (folder,) = (store.root / "made").glob("root-*")
    (folder / "out").unlink()
    assert Planner(store, known).plan(wanted).tasks == {}


def test_change_deep_below_makes_everything_above_anew(store: Store) -> None:
    def wanted(text: str) -> tuple[Planner, Part]:
        known = ingredients(root=FakeMaker(text=text), layer=FakeMaker(text="l", needs=("root",)))
        return Planner(store, known), part("a", FakeMaker(needs=("layer",)))

    planner, one = wanted("old")
    carry_out(store, planner.plan([one]))
    planner, one = wanted("new")
    assert sorted(planner.plan([one]).tasks) == ["a", "layer", "root"]
