"""`mf scale`, `mf restart`, `mf delete`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from mf.cli.context import app_argument, pass_working_session

if TYPE_CHECKING:
    from mf.ops.app_lifecycle import Removal
    from mf.ops.session import Session


@click.command()
@app_argument
@click.option("-i", "--instances", type=int, default=None, metavar="N", help="How many instances; 0 stops the app.")
@click.option("-m", "--memory", default=None, metavar="SIZE", help="Memory of each instance, such as 256M or 1G.")
@click.option("-k", "--disk", default=None, metavar="SIZE", help="Disk of each instance, such as 1G.")
@pass_working_session
def scale(session: Session, app: str, instances: int | None, memory: str | None, disk: str | None) -> None:
    """Change instances, memory or disk of an app.

    Without options it shows how the app is scaled now. New instances are up before old ones go.

    \b
    Examples:
      mf scale web -i 3
      mf scale web -m 512M -k 2G
      mf scale web -i 0          stop it, keep everything else
    """
    from mf.cli.show import done, facts, size
    from mf.ops import app_lifecycle as ops
    from mf.ops import apps

    wished = ops.Size(instances=instances, memory=memory, disk=disk)
    if wished == ops.Size():
        spec = apps.spec_of(apps.deployment(session, app))
        facts([("instances", str(spec.instances)), ("memory", size(spec.memory)), ("disk", size(spec.disk))])
        return
    spec = ops.scale(session, app, wished)
    word = "instance" if spec.instances == 1 else "instances"
    done(f"{app} runs with {spec.instances} {word} of {size(spec.memory)} memory and {size(spec.disk)} disk.")


@click.command()
@app_argument
@pass_working_session
def restart(session: Session, app: str) -> None:
    """Replace an app's instances one by one.

    Each old instance serves until its successor is ready.

    \b
    Example:
      mf restart web
    """
    from mf.cli.show import done
    from mf.ops import app_lifecycle as ops

    ops.restart(session, app)
    done(f"{app} runs on new instances.")


@click.command()
@app_argument
@click.option("-f", "--force", is_flag=True, help="Do not ask.")
@click.option(
    "-r",
    "--routes",
    is_flag=True,
    expose_value=False,
    help="For habit's sake: routes belong to the app and always go with it.",
)
@pass_working_session
def delete(session: Session, app: str, force: bool) -> None:
    """Delete an app with its routes and bindings.

    Service instances and their data stay.

    \b
    Examples:
      mf delete web
      mf delete web -f          without asking
    """
    from mf.cli.show import done
    from mf.ops import app_lifecycle as ops

    planned = ops.removal(session, app)
    if not force:
        _ask(planned)
    ops.delete(session, planned)
    done(f"Deleted app {app}{_with(planned)}.")


def _ask(planned: Removal) -> None:
    from mf.errors import UsageError

    if not sys.stdin.isatty():
        raise UsageError(
            f"deleting app {planned.app} needs a yes, and nobody is here to ask", hint="say -f if it is meant"
        )
    click.confirm(f"Delete app {planned.app}{_with(planned)}?", abort=True)


def _with(planned: Removal) -> str:
    urls = f"its routes ({', '.join(planned.urls)})" if planned.urls else ""
    bound = f"its bindings to {', '.join(planned.services)} (the services stay)" if planned.services else ""
    parts = [part for part in (urls, bound) if part]
    return f" with {' and '.join(parts)}" if parts else ""
