"""`mf env`, `mf set-env`, `mf unset-env`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mf.cli.context import app_argument, as_json, pass_session, pass_working_session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mf.ops.session import Session

HIDDEN = "********"
no_restart = click.option("--no-restart", is_flag=True, help="Only write it; it takes effect at the next restart.")


@click.command()
@app_argument
@click.option("--reveal", is_flag=True, help="Show the values.")
@as_json
@pass_session
def env(session: Session, app: str, reveal: bool, as_json: bool) -> None:
    """Show an app's environment; values are hidden.

    \b
    Examples:
      mf env web
      mf env web --reveal --json
    """
    from mf.cli.show import echo_json
    from mf.ops import environment

    found = environment.get(session, app)
    shown = {"user": _shown(found.user, reveal), "services": _shown(found.services, reveal)}
    if as_json:
        echo_json(shown)
        return
    _section("set by people", shown["user"], none="nothing; set some: mf set-env APP NAME=VALUE")
    click.echo()
    _section("given by services", shown["services"], none="nothing; bind one: mf bind-service APP SERVICE")
    if not reveal:
        click.echo(click.style("\nValues are hidden; show them with --reveal", dim=True))


@click.command("set-env")
@app_argument
@click.argument("assignments", nargs=-1, required=True, metavar="NAME=VALUE…")
@no_restart
@pass_working_session
def set_env(session: Session, app: str, assignments: tuple[str, ...], no_restart: bool) -> None:
    """Set environment variables of an app.

    The app is rolled at once: each old instance serves until its successor is ready. A value that
    should not be on a command line can be read from a file: NAME=@FILE, or NAME=@- for standard input.

    \b
    Examples:
      mf set-env web GREETING=hello LOG_LEVEL=debug
      mf set-env web GREETING hello             as in cf
      mf set-env web API_KEY=@key.txt
    """
    from mf.cli.show import done
    from mf.ops import environment

    values = _assignments(assignments)
    changed = environment.set_variables(session, app, values, restart=not no_restart)
    names = ", ".join(sorted(values))
    done(f"{names} of {app}: {_effect(changed, no_restart, 'set', app)}")


@click.command("unset-env")
@app_argument
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@no_restart
@pass_working_session
def unset_env(session: Session, app: str, names: tuple[str, ...], no_restart: bool) -> None:
    """Remove environment variables of an app.

    \b
    Example:
      mf unset-env web GREETING
    """
    from mf.cli.show import done
    from mf.ops import environment

    changed = environment.unset_variables(session, app, names, restart=not no_restart)
    done(f"{', '.join(names)} of {app}: {_effect(changed, no_restart, 'removed', app)}")


def _effect(changed: bool, no_restart: bool, verb: str, app: str) -> str:
    if not changed:
        return "had this value already, nothing to do."
    return f"{verb}; takes effect with: mf restart {app}" if no_restart else f"{verb}, and the app runs with it."


def _assignments(given: tuple[str, ...]) -> dict[str, str]:
    """`A=1 B=2`, or cf's `A 1`."""
    from mf.errors import UsageError

    if len(given) == 2 and "=" not in given[0]:
        return {given[0]: given[1]}
    wrong = next((text for text in given if "=" not in text), None)
    if wrong is not None:
        raise UsageError(f"'{wrong}' is no assignment; write NAME=VALUE")
    pairs = (text.split("=", 1) for text in given)
    return {name: _value(name, value) for name, value in pairs}


def _value(name: str, value: str) -> str:
    from mf.errors import UsageError

    if not value.startswith("@"):
        return value
    try:
        with click.open_file(value[1:], encoding="utf-8") as file:
            return str(file.read()).removesuffix("\n")
    except OSError as exc:
        raise UsageError(f"{name}: {value[1:]} can't be read ({exc.strerror})") from exc


def _shown(values: Mapping[str, str], reveal: bool) -> dict[str, str]:
    return {name: value if reveal else HIDDEN for name, value in values.items()}


def _section(title: str, values: Mapping[str, str], *, none: str) -> None:
    from mf.cli.show import facts

    click.echo(click.style(f"{title}:", bold=True))
    if not values:
        click.echo(f"  {none}")
    facts([(f"  {name}", value) for name, value in values.items()])
