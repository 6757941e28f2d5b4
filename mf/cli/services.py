"""`mf services`, `mf service`, `mf create-service`, `mf delete-service`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from mf.cli.context import as_json, instance_argument, pass_session, pass_working_session

if TYPE_CHECKING:
    from mf.ops.session import Session


@click.command()
@as_json
@pass_session
def services(session: Session, as_json: bool) -> None:
    """List the service instances of the space.

    \b
    Examples:
      mf services
      mf services --json
    """
    from mf.cli.show import echo_json, table
    from mf.ops import services as ops

    found = ops.list_instances(session)
    if as_json:
        echo_json(found)
        return
    rows = [[i.name, i.service, i.plan, i.place, i.state, ", ".join(i.apps)] for i in found]
    none = "No services in this space. What there is: mf marketplace"
    table(("name", "service", "plan", "place", "state", "bound apps"), rows, none=none)


@click.command()
@instance_argument
@as_json
@pass_session
def service(session: Session, instance: str, as_json: bool) -> None:
    """Show one service instance.

    \b
    Example:
      mf service my-db
    """
    from mf.cli.show import echo_json, facts
    from mf.ops import services as ops

    found = ops.get(session, instance)
    if as_json:
        echo_json(found)
        return
    facts(
        [
            ("name", found.name),
            ("service", found.service),
            ("plan", found.plan),
            ("place", found.place),
            ("state", found.state),
            ("bound apps", ", ".join(found.apps) or "none"),
        ]
    )


@click.command("create-service")
@click.argument("service")
@click.argument("plan")
@click.argument("name")
@click.option("--on", "place", default="local", show_default=True, metavar="PLACE", help="Where it is made.")
@click.option("-c", "parameters", default="{}", metavar="JSON", help="Parameters, as JSON or @FILE.")
@pass_working_session
def create_service(session: Session, service: str, plan: str, name: str, place: str, parameters: str) -> None:
    """Make a service instance.

    It is ready to be bound when the command ends.

    \b
    Examples:
      mf create-service postgresql small my-db
      mf cs postgresql large orders -c '{"version": "15"}'
    """
    from mf.cli.show import done, seconds
    from mf.ops import services as ops

    order = ops.Order(service=service, plan=plan, name=name, place=place, parameters=_parameters(parameters))
    made = ops.create(session, order)
    how = f"is ready, {seconds(made.seconds)}" if made else "is there already, nothing to do"
    done(f"{name} ({service} {plan}) {how}. Use it: mf bind-service APP {name}")


@click.command("delete-service")
@instance_argument
@click.option("-f", "--yes", is_flag=True, help="Do not ask.")
@click.option("--force", is_flag=True, help="Also when apps are bound to it: they are unbound first.")
@pass_working_session
def delete_service(session: Session, instance: str, yes: bool, force: bool) -> None:
    """Delete a service instance and its data.

    \b
    Examples:
      mf delete-service my-db
      mf delete-service my-db --force -f      also while apps use it, without asking
    """
    from mf.cli.show import done
    from mf.errors import UsageError
    from mf.ops import services as ops

    planned = ops.removal(session, instance)
    if not yes and (force or not planned.apps):
        if not sys.stdin.isatty():
            raise UsageError(
                f"deleting {instance} deletes its data, and nobody is here to ask", hint="say -f if it is meant"
            )
        click.confirm(f"Delete {instance} ({planned.what}) with all its data?", abort=True)
    ops.delete(session, planned, force=force)
    unbound = f"; it was unbound from {', '.join(planned.apps)}" if planned.apps else ""
    done(f"Deleted {instance} and its data{unbound}.")


def _parameters(text: str) -> dict[str, Any]:
    import json

    from mf.errors import UsageError

    try:
        if text.startswith("@"):
            with click.open_file(text[1:], encoding="utf-8") as file:
                text = str(file.read())
        parsed = json.loads(text)
    except (OSError, ValueError) as exc:
        raise UsageError(f"-c is no JSON: {exc}") from exc
    if not isinstance(parsed, dict):
        raise UsageError('-c must be a JSON object, such as {"version": "15"}')
    return parsed
