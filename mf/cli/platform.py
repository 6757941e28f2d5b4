"""`mf up`, `mf preview`, `mf destroy`: the platform itself."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from mf.cli.show import done, facts, seconds

if TYPE_CHECKING:
    from mf.ops.platform import Outcome, Platform

stack_option = click.option(
    "--stack", default="local", show_default=True, metavar="NAME", help="Platform stack to use."
)
kubeconfig_option = click.option(
    "--kubeconfig", default="", metavar="FILE", help="Install onto this cluster instead of making one."
)
yes_option = click.option("-y", "--yes", is_flag=True, help="Do not ask.")
wait_option = click.option(
    "--wait", type=float, default=60.0, show_default=True, metavar="SECONDS", help="Wait for others' changes this long."
)
_WORDS = {
    "create": "to create",
    "update": "to update",
    "replace": "to replace",
    "delete": "to delete",
    "same": "unchanged",
}


@click.command()
@stack_option
@kubeconfig_option
@yes_option
@wait_option
@click.option("--skip-preview", is_flag=True, help="Do not plan first.")
@click.pass_context
def up(ctx: click.Context, stack: str, kubeconfig: str, yes: bool, wait: float, skip_preview: bool) -> None:
    """Make or update the platform, with a cluster where none is given.

    \b
    Examples:
      mf up                                a cluster on this machine, and the platform on it
      mf up --kubeconfig ~/.kube/config    the platform on a cluster that is there
      mf up --stack staging --yes          another environment, without questions
    """
    from mf.cli.progress import display
    from mf.ops import platform as ops

    located = _locate(ctx, stack, kubeconfig, wait)
    with display() as shown:
        if not skip_preview:
            click.echo("Plan:", err=True)
            _confirm(ops.preview(_with(located, shown)), yes=yes)
        click.echo("Doing it:", err=True)
        outcome = ops.up(_with(located, shown))
        space = _first_space(ctx, located, outcome)
    _tell_made(located, outcome, space)


@click.command()
@stack_option
@kubeconfig_option
@wait_option
@click.pass_context
def preview(ctx: click.Context, stack: str, kubeconfig: str, wait: float) -> None:
    """Show what `mf up` would do; change nothing.

    \b
    Examples:
      mf preview
      mf preview --stack staging
    """
    from mf.cli.progress import display
    from mf.ops import platform as ops

    located = _locate(ctx, stack, kubeconfig, wait)
    with display() as shown:
        outcome = ops.preview(_with(located, shown))
    click.echo(f"{_counts(outcome)}; planned in {seconds(outcome.seconds)}. Nothing was changed. Do it: mf up")


@click.command()
@stack_option
@yes_option
@wait_option
@click.pass_context
def destroy(ctx: click.Context, stack: str, yes: bool, wait: float) -> None:
    """Remove the platform and all that it made.

    Apps, services and their data go with the cluster when `mf up` made it.

    \b
    Examples:
      mf destroy                asks first
      mf destroy --yes          for scripts
    """
    from mf.cli.progress import display
    from mf.ops import platform as ops

    located = _locate(ctx, stack, "", wait)
    if not ops.exists(located):
        click.echo(f"There is no stack '{stack}' in {located.backend}: nothing to remove.")
        return
    if not yes:
        _ask(f"Remove stack '{stack}' with every app, service and their data?")
    with display() as shown:
        outcome = ops.destroy(_with(located, shown))
    done(f"Removed {outcome.changes.get('delete', 0)} resources and the stack '{stack}' in {seconds(outcome.seconds)}.")


def _locate(ctx: click.Context, stack: str, kubeconfig: str, wait: float) -> Platform:
    from mf.ops import platform as ops

    given = kubeconfig or (ctx.find_root().obj or {}).get("kubeconfig", "")
    located = ops.locate(stack, kubeconfig=given, wait=wait)
    names = {"embedded": "embedded (in this process)", "pulumi": "pulumi CLI"}
    click.echo(f"stack {stack} · engine {names[located.engine]} · state {located.backend}", err=True)
    return located


def _with(located: Platform, report: object) -> Platform:
    from dataclasses import replace

    return replace(located, report=report)  # type: ignore[arg-type] # a Display is a Report


def _confirm(plan: Outcome, *, yes: bool) -> None:
    """A plan that only adds is carried out; one that removes something asks first."""
    click.echo(f"  {_counts(plan)}  ({seconds(plan.seconds)})", err=True)
    if plan.is_destructive and not yes:
        _ask("This plan removes or replaces something that exists. Go on?")


def _ask(question: str) -> None:
    from mf.errors import UsageError

    if not sys.stdin.isatty():
        raise UsageError("this removes things and nobody is here to ask", hint="say --yes if it is meant")
    click.confirm(question, abort=True)


def _counts(outcome: Outcome) -> str:
    told = [f"{outcome.changes[verb]} {word}" for verb, word in _WORDS.items() if outcome.changes.get(verb)]
    return ", ".join(told) or "nothing to do"


def _first_space(ctx: click.Context, located: Platform, outcome: Outcome) -> str:
    """Make the default org and space, and remember the cluster when it is not the usual one."""
    from mf.cli.context import new_session
    from mf.ops import spaces, target

    kubeconfig = located.kubeconfig or str(outcome.outputs.get("kubeconfig") or "")
    session = new_session(ctx, kubeconfig=kubeconfig)
    made = spaces.ensure(session)
    if located.kubeconfig:
        from dataclasses import replace

        target.save(replace(session.target, kubeconfig=located.kubeconfig))
    return f"{session.target.org}/{session.target.space}{' (new)' if made else ''}"


def _tell_made(located: Platform, outcome: Outcome, space: str) -> None:
    changed = sum(count for verb, count in outcome.changes.items() if verb in ("create", "update", "replace", "delete"))
    total = changed + outcome.changes.get("same", 0)
    did = f"{changed} changed" if changed else "nothing had to change"
    done(f"The platform is up: {total} resources, {did}, {seconds(outcome.seconds)}.")
    given = [(key, str(value)) for key, value in outcome.outputs.items() if isinstance(value, str | int)]
    stack = "" if located.stack == "local" else f" --stack {located.stack}"
    facts([*given, ("space", space), ("state", located.backend), ("remove it", f"mf destroy{stack}")])
    click.echo("\nNext: mf push NAME   in a folder with an app")
