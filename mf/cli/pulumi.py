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

    os.environ.update(project.environment())
    engine = engine_choice.for_platform()
    if engine is engine_choice.Engine.PULUMI:
        os.execvp("pulumi", ["pulumi", *arguments])
    sys.exit(engine_choice.run_embedded(list(arguments), click.echo, _complain))


def _complain(line: str) -> None:
    click.echo(line, err=True)
