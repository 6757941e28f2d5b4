"""`mf pulumi …`: Pulumi's own commands on the engine and backend that mf uses."""

from __future__ import annotations

import os
import sys

import click


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def pulumi(arguments: tuple[str, ...]) -> None:
    """Run a Pulumi command on the engine that mf uses.

    \b
    Examples:
      mf pulumi stack ls
      mf pulumi preview --stack local
      mf pulumi stack export --stack local
    """
    from mf.ops import engine_choice, project

    # Nobody vouches here for whoever's program this is: what a killed update was making stays noted.
    os.environ.update(project.state_environment())
    engine = engine_choice.for_platform()
    if engine is engine_choice.Engine.PULUMI:
        os.execvp("pulumi", ["pulumi", *arguments])
    sys.exit(engine_choice.run_embedded(list(arguments), _say, _complain))


def _say(line: str) -> None:
    """A reader that has gone (`| head`) wants no more to read; an update goes on without it to an orderly end."""
    try:
        click.echo(line)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(line: str) -> None:
    try:
        click.echo(line, err=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
