"""`mf events`: what happened to an app, or in the space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mf.cli.context import as_json, pass_session

if TYPE_CHECKING:
    from mf.ops.session import Session


@click.command()
@click.argument("app", required=False, default="")
@click.option("-n", "--number", type=click.IntRange(min=1), default=50, show_default=True, help="How many at the most.")
@as_json
@pass_session
def events(session: Session, app: str, number: int, as_json: bool) -> None:
    """Show what happened to an app, or in the space.

    \b
    Examples:
      mf events web
      mf events -n 200
    """
    from mf.cli.show import echo_json, table
    from mf.ops import events as ops
    from mf.ops.instances import age

    found = ops.list_events(session, app)[-number:]
    if as_json:
        echo_json(found)
        return
    rows = [
        [age(e.time), e.kind, e.object, e.reason, f"{e.message}{f' (x{e.count})' if e.count > 1 else ''}"]
        for e in found
    ]
    none = f"Nothing happened to {app} lately." if app else "Nothing happened in this space lately."
    table(("ago", "type", "object", "reason", "what"), rows, none=none)
