"""`mf doctor`: what is missing here, and the command that fixes it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from mf.cli.context import as_json, new_session

if TYPE_CHECKING:
    from mf.ops.doctor import Check, Diagnosis

_MARKS = {"ok": ("✓", "green"), "missing": ("✗", "red"), "note": ("!", "yellow")}


@click.command()
@as_json
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Say what this machine lacks, and the command that fixes it.

    Changes nothing and needs neither root nor a cluster. Exits with 1 when neither a cluster can be used
    nor one can be made.

    \b
    Examples:
      mf doctor
      mf doctor --json
    """
    from mf.cli.show import echo_json
    from mf.ops import doctor as ops

    found = ops.diagnose(new_session(ctx))
    if as_json:
        echo_json(found)
    else:
        _show(found)
    if not (found.can_use_cluster or found.can_make_cluster):
        sys.exit(1)


def _show(found: Diagnosis) -> None:
    width = max(len(check.name) for check in found.checks)
    for check in found.checks:
        _line(check, width)
    click.echo()
    if found.can_use_cluster:
        click.echo("Ready: mf push NAME")
    elif found.can_make_cluster:
        click.echo("This machine can carry a cluster: mf up")
    else:
        click.echo("A cluster can neither be used nor made as things are; the lines with ✗ say why.")


def _line(check: Check, width: int) -> None:
    mark, colour = _MARKS[check.state]
    click.echo(f"{click.style(mark, fg=colour)} {check.name.ljust(width)}  {check.detail}")
    if check.fix:
        click.echo(f"  {' ' * width}  {click.style('→', fg='cyan')} {check.fix}")
