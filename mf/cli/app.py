"""`mf app`: everything about one app on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mf.cli.context import app_argument, as_json, pass_session

if TYPE_CHECKING:
    from mf.ops.apps import App
    from mf.ops.instances import Instance
    from mf.ops.metrics import Traffic
    from mf.ops.session import Session


@click.command()
@app_argument
@as_json
@pass_session
def app(session: Session, app: str, as_json: bool) -> None:
    """Show one app: instances, traffic, routes, services.

    \b
    Examples:
      mf app web
      mf app web --json
    """
    from mf.cli.show import echo_json
    from mf.ops import apps, instances, metrics

    deployment = apps.deployment(session, app)
    found = apps.describe(session, deployment)
    pods = instances.list_instances(session, app)
    traffic = metrics.traffic(session, [route.host for route in apps.spec_of(deployment).routes])
    if as_json:
        echo_json(_document(found, pods, traffic))
        return
    _show(found, pods, traffic)


def _document(found: App, pods: list[Instance], traffic: Traffic) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(found), "instances": [asdict(pod) for pod in pods], "traffic": asdict(traffic)}


def _show(found: App, pods: list[Instance], traffic: Traffic) -> None:
    from mf.cli.show import facts, size, table
    from mf.ops.instances import age

    facts(
        [
            ("name", found.name),
            ("state", found.state),
            ("instances", f"{found.ready}/{found.wanted}"),
            ("memory", f"{size(found.memory)} each"),
            ("routes", "\n".join(found.urls) or "none"),
            ("services", ", ".join(found.services) or "none"),
            ("language", found.language),
            ("image", found.image),
        ]
    )
    click.echo()
    facts([("traffic", _traffic(traffic))])
    click.echo()
    rows = [[pod.id, pod.state, age(pod.since), str(pod.restarts), pod.reason] for pod in pods]
    table(("instance", "state", "since", "restarts", "why"), rows, none="No instances. Start some: mf scale APP -i 1")


def _traffic(traffic: Traffic) -> str:
    source = f"source: {traffic.source}"
    if traffic.note:
        source += f"; {traffic.note}"
    if not traffic.requests:
        return f"no requests\n{source}"
    latency = f"p50 {_milliseconds(traffic.p50_ms)}, p95 {_milliseconds(traffic.p95_ms)}"
    errors = f"{traffic.error_percent:.1f}% errors ({traffic.errors} of {traffic.requests})"
    return f"{traffic.rate:.2f} requests/s, {errors}, {latency}\n{source}"


def _milliseconds(value: float | None) -> str:
    if value is None:
        return "?"
    return f"{value:.0f} ms" if value < 1000 else f"{value / 1000:.1f} s"
