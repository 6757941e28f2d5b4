"""`mf routes`, `mf map-route`, `mf unmap-route`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mf.cli.context import app_argument, as_json, pass_session, pass_working_session

if TYPE_CHECKING:
    from mf.ops.session import Session

host_argument = click.argument("host", required=False, default="")
hostname_option = click.option("-n", "--hostname", default="", metavar="HOST", help="Host name, as cf spells it.")
path_option = click.option("--path", default="/", show_default=True, help="Only requests below this path.")


@click.command()
@as_json
@pass_session
def routes(session: Session, as_json: bool) -> None:
    """List the routes of the space.

    \b
    Examples:
      mf routes
      mf routes --json
    """
    from mf.cli.show import echo_json, table
    from mf.ops import routes as ops

    found = ops.list_routes(session)
    if as_json:
        echo_json(found)
        return
    rows = [[route.url, route.app, route.state] for route in found]
    table(("route", "app", "gateway"), rows, none="No routes in this space. Push an app: mf push NAME")


@click.command("map-route")
@app_argument
@host_argument
@hostname_option
@path_option
@pass_working_session
def map_route(session: Session, app: str, host: str, hostname: str, path: str) -> None:
    """Send a host name to an app.

    A name without dots is put below the space's domain; no name means the app's own. Instances are not touched.

    \b
    Examples:
      mf map-route web shop                        shop.dev.apps.localhost
      mf map-route web www.example.com --path /v2
    """
    from mf.cli.show import done
    from mf.ops import routes as ops

    url = ops.map_route(session, app, ops.route_of(session, app, host=hostname or host, path=path))
    done(f"{url} goes to {app}.")


@click.command("unmap-route")
@app_argument
@host_argument
@hostname_option
@path_option
@pass_working_session
def unmap_route(session: Session, app: str, host: str, hostname: str, path: str) -> None:
    """Stop sending a host name to an app.

    \b
    Examples:
      mf unmap-route web shop
      mf unmap-route web www.example.com --path /v2
    """
    from mf.cli.show import done
    from mf.ops import routes as ops

    route = ops.route_of(session, app, host=hostname or host, path=path)
    ops.unmap_route(session, app, route)
    done(f"{session.settings.url(route.host, route.path)} no longer goes to {app}.")
