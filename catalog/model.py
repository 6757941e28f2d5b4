"""What a service of the catalog is: plans, places, forms and the credentials it promises. Loads without Pulumi."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, TypeAlias

from catalog.errors import BadParameter, NotOffered, UnknownPlace, UnknownPlan
from catalog.parameter import Parameter, completed


class Place(StrEnum):
    """Where an instance can be made."""

    LOCAL = "local"
    AWS = "aws"
    GCP = "gcp"
    AZURE = "azure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A contract: every offering of the kind gives an app exactly these credential keys."""

    name: str
    keys: tuple[str, ...]
    url_variable: str = ""
    """The environment variable that carries the `uri` of an app's only binding of this kind, if there is a custom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One size: guaranteed and greatest cpu, memory, storage; monthly cost in USD per place where it is known."""

    name: str
    summary: str
    cpu: str
    cpu_limit: str
    memory: str
    storage: str
    replicas: int = 1
    connections: int = 0
    backup_days: int = 0
    cost: Mapping[Place, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """The same software twice: as this platform's bundle builds it, and as its makers publish it."""

    bundle: str
    official: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """Where a platform takes images from (its settings say so), so that no form names a registry."""

    source: Literal["bundle", "official"] = "bundle"
    registry: str = "127.0.0.1:30500"

    def __post_init__(self) -> None:
        if self.source not in ("bundle", "official"):
            raise BadParameter(f"images can't come from '{self.source}'; choose one of: bundle, official")

    def resolve(self, image: Image) -> str:
        """The reference to pull."""
        return image.official if self.source == "official" else f"{self.registry}/{image.bundle}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An instance to make; `opts` are the Pulumi options of its resources, `labels` go on every object."""

    name: str
    namespace: str
    plan: Plan
    parameters: Mapping[str, Any]
    images: Images
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    opts: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class BindRequest:
    """Credentials to make: `name` is the binding's own, `instance` the object's that it opens."""

    name: str
    instance: str
    namespace: str
    parameters: Mapping[str, Any]
    opts: Any


Outputs: TypeAlias = Mapping[str, Any]
"""Values that may be Pulumi outputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How an offering is made real: `provision` makes an instance and tells its address; `bind` makes credentials.

    Credentials are one Pulumi output of a map with the keys of the kind, all of them text.
    """

    provision: Callable[[Request], Outputs]
    bind: Callable[[BindRequest], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """A service at a place: a form, or the reason why there is none."""

    form: Form | None = None
    note: str = ""

    @property
    def available(self) -> bool:
        """Whether an instance can be made there."""
        return self.form is not None


def not_offered(reason: str) -> Offering:
    """A place where the service can't be had, said openly."""
    return Offering(note=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service of the marketplace."""

    name: str
    summary: str
    kind: Kind
    tags: tuple[str, ...]
    plans: tuple[Plan, ...]
    offerings: Mapping[Place, Offering]
    parameters: tuple[Parameter, ...] = ()
    description: str = ""

    def plan(self, name: str) -> Plan:
        """One plan by name."""
        for plan in self.plans:
            if plan.name == name:
                return plan
        raise UnknownPlan(self.name, name, [plan.name for plan in self.plans])

    def offering(self, place: str) -> Offering:
        """The offering at a place, available or not."""
        if place not in set(Place):
            raise UnknownPlace(self.name, place, list(Place))
        return self.offerings[Place(place)]

    def form(self, place: str) -> Form:
        """The form at a place; NotOffered where there is none."""
        offering = self.offering(place)
        if offering.form is None:
            raise NotOffered(self.name, place, reason=offering.note, offered=self.places)
        return offering.form

    @property
    def places(self) -> tuple[str, ...]:
        """Places where an instance can be made."""
        return tuple(place for place, offering in self.offerings.items() if offering.available)

    def check_parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All parameters: the given ones checked, the others at their defaults."""
        return completed(self.name, self.parameters, given)
