"""`mf apps`: the apps of the space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mf.cli.context import as_json, pass_session

if TYPE_CHECKING:
    from mf.ops.session import Session


@click.command()
@as_json
@pass_session
def apps(session: Session, as_json: bool) -> None:
    """List the apps of the space.

    \b
    Examples:
      mf apps
      mf apps -s staging --json
    """
    from mf.cli.show import echo_json, size, table
    from mf.ops import apps as ops

    found = ops.list_apps(session)
    if as_json:
        echo_json(found)
        return
    rows = [[app.name, app.state, f"{app.ready}/{app.wanted}", size(app.memory), ", ".join(app.urls)] for app in found]
    none = f"No apps in space {session.target.org}/{session.target.space}. Push one: mf push NAME"
    table(("name", "state", "instances", "memory", "routes"), rows, none=none)
