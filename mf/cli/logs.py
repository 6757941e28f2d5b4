"""`mf logs`: what an app's instances print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mf.cli.context import app_argument, as_json, pass_session

if TYPE_CHECKING:
    from mf.ops.logs import Line
    from mf.ops.session import Session

_COLOURS = ("cyan", "magenta", "blue", "yellow", "green")


@click.command()
@app_argument
@click.option("-f", "--follow", is_flag=True, help="Go on with new lines until Ctrl-C.")
@click.option("--recent", is_flag=True, help="Only the last lines (this is the default).")
@click.option("-n", "--lines", type=click.IntRange(min=0), default=100, show_default=True, help="How many past lines.")
@as_json
@pass_session
def logs(session: Session, app: str, follow: bool, recent: bool, lines: int, as_json: bool) -> None:
    """Show what an app's instances print.

    \b
    Examples:
      mf logs web             the last 100 lines
      mf logs web -f          and all that follow
      mf logs web -n 1000 --json
    """
    from mf.errors import UsageError
    from mf.ops import logs as ops

    if follow and recent:
        raise UsageError("--follow and --recent exclude each other")
    found = ops.follow(session, app, lines=lines) if follow else ops.recent(session, app, lines=lines)
    for line in found:
        click.echo(_as_json(line) if as_json else _shown(line))


def _shown(line: Line) -> str:
    colour = _COLOURS[sum(map(ord, line.instance)) % len(_COLOURS)]
    clock = line.time[11:19] if len(line.time) > 19 else ""
    return f"{click.style(f'[{line.instance}]', fg=colour)} {click.style(clock, dim=True)} {line.text}"


def _as_json(line: Line) -> str:
    import json
    from dataclasses import asdict

    return json.dumps(asdict(line), ensure_ascii=False)
