"""Decide, do, remember: how one update of one stack runs."""

from __future__ import annotations

from engine.deploy.api import Outcome, Ports, Update


def run(update: Update, ports: Ports) -> Outcome:
    """Run one update to its end: failed steps are in the outcome, wrong requests raise EngineError at once."""
    # Late, because gRPC is slow to load and most commands need none.
    from engine.deploy.session import execute

    return execute(update, ports)
