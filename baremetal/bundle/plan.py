"""What has to be made, in which order, for the parts that are wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from baremetal.bundle import digest
from baremetal.bundle.model import Ingredient, Maker, Part, Source
from baremetal.bundle.store import Made, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to make: an ingredient, or a part from the chosen source."""

    name: str
    version: str
    digest: str
    maker: Maker
    is_part: bool


@dataclass(slots=True, kw_only=True)
class Plan:
    """Parts that are there already, and tasks for the others with all their ingredients."""

    ready: dict[str, Made] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    ingredients: dict[str, Made] = field(default_factory=dict)

    @property
    def space(self) -> int:
        """Bytes on disk that carrying it out takes, roughly."""
        return sum(task.maker.space for task in self.tasks.values())


class Planner:
    """Chooses sources and collects what is missing; one planner per run."""

    def __init__(self, store: Store, ingredients: Mapping[str, Ingredient]) -> None:
        self._store = store
        self._ingredients = ingredients
        self._digests: dict[str, str] = {}

    def digest_of(self, maker: Maker) -> str:
        """A maker's recipe together with the digests of what it builds upon."""
        beneath = {name: self.digest_of_ingredient(name) for name in maker.needs}
        return digest.of_recipe({"recipe": maker.recipe(), "needs": beneath})

    def digest_of_ingredient(self, name: str) -> str:
        """The same for an ingredient, worked out once."""
        if name not in self._digests:
            self._digests[name] = self.digest_of(self._ingredients[name].maker)
        return self._digests[name]

    def find(self, part: Part) -> Made | None:
        """The part as it lies in the cache, from whichever source, by order of preference."""
        found = (self._store.find(part.name, self.digest_of(source)) for source in part.sources)
        return next((made for made in found if made is not None), None)

    def plan(self, parts: Sequence[Part]) -> Plan:
        """Decide about each part; a part that is there is taken as it is, with no look at the network."""
        plan = Plan()
        for part in parts:
            made = self.find(part)
            if made is not None:
                plan.ready[part.name] = made
                continue
            source = choose(part)
            plan.tasks[part.name] = Task(
                name=part.name, version=part.version, digest=self.digest_of(source), maker=source, is_part=True
            )
            for name in source.needs:
                self._add(plan, name)
        return plan

    def _add(self, plan: Plan, name: str) -> None:
        if name in plan.tasks or name in plan.ingredients:
            return
        ingredient = self._ingredients[name]
        wanted = self.digest_of_ingredient(name)
        made = self._store.find(name, wanted)
        if made is not None:
            plan.ingredients[name] = made
            return
        for beneath in ingredient.maker.needs:
            self._add(plan, beneath)
        plan.tasks[name] = Task(
            name=name, version=ingredient.version, digest=wanted, maker=ingredient.maker, is_part=False
        )


def choose(part: Part) -> Source:
    """The first source that can be reached; the last one is taken unasked."""
    *preferred, last = part.sources
    return next((source for source in preferred if source.reachable()), last)
