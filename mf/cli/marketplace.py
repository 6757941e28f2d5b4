"""`mf marketplace`: the services that can be made."""

from __future__ import annotations

from typing import Any

import click

from mf.cli.context import as_json


@click.command()
@click.option("-e", "--service", default="", metavar="SERVICE", help="The plans of one service.")
@as_json
def marketplace(service: str, as_json: bool) -> None:
    """List the services that can be made.

    \b
    Examples:
      mf marketplace
      mf marketplace -e postgresql
    """
    from mf.cli.show import echo_json, table
    from mf.ops import marketplace as ops

    if service:
        _plans(ops.get(service), as_json=as_json)
        return
    found = ops.list_offers()
    if as_json:
        echo_json(found)
        return
    rows = [
        [offer.name, ", ".join(plan.name for plan in offer.plans), ", ".join(offer.places), offer.summary]
        for offer in found
    ]
    table(("service", "plans", "places", "what it is"), rows, none="The catalog is empty.")
    click.echo(click.style("\nPlans of one: mf marketplace -e SERVICE", dim=True))


def _plans(offer: Any, *, as_json: bool) -> None:
    from mf.cli.show import echo_json, facts, size, table

    if as_json:
        echo_json(offer)
        return
    facts([("service", offer.name), ("what it is", offer.summary), ("places", ", ".join(offer.places))])
    click.echo()
    rows = [
        [p.name, p.cpu, size(p.memory), size(p.storage), str(p.replicas), _cost(p.cost), p.summary] for p in offer.plans
    ]
    table(("plan", "cpu", "memory", "storage", "replicas", "USD a month, about", "what it is"), rows, none="No plans.")


def _cost(cost: dict[str, float | None]) -> str:
    told = [f"{place} {amount:g}" for place, amount in cost.items() if amount]
    return ", ".join(told) or "-"
