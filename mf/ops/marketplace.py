"""The catalog as people see it; needs no cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog import registry
from catalog.model import Plan, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOffer:
    """One size of a service; `cost` is an indicative monthly price in USD by place."""

    name: str
    summary: str
    cpu: str
    memory: str
    storage: str
    replicas: int
    backup_days: int
    cost: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One service and where it can be had."""

    name: str
    summary: str
    kind: str
    tags: tuple[str, ...]
    places: tuple[str, ...]
    plans: tuple[PlanOffer, ...]


def list_offers() -> list[Offer]:
    """Every service of the catalog, by name."""
    return [_describe(service) for service in registry.all()]


def get(name: str) -> Offer:
    """One service; the catalog's own error says which there are."""
    return _describe(registry.get(name))


def _describe(service: Service) -> Offer:
    return Offer(
        name=service.name,
        summary=service.summary,
        kind=service.kind.name,
        tags=tuple(service.tags),
        places=tuple(str(place) for place in service.places),
        plans=tuple(_plan(plan) for plan in service.plans),
    )


def _plan(plan: Plan) -> PlanOffer:
    return PlanOffer(
        name=plan.name,
        summary=plan.summary,
        cpu=plan.cpu,
        memory=plan.memory,
        storage=plan.storage,
        replicas=plan.replicas,
        backup_days=plan.backup_days,
        cost={str(place): amount for place, amount in plan.cost.items()},
    )
