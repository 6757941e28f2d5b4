"""`mf completion`: the script that lets a shell complete mf's commands, options and names."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the completion script for a shell.

    \b
    Examples:
      source <(mf completion bash)
      mf completion zsh > "${fpath[1]}/_mf"
      mf completion fish > ~/.config/fish/completions/mf.fish
    """
    from click.shell_completion import get_completion_class

    from mf.cli.main import cli
    from mf.errors import Failed

    script = get_completion_class(shell)
    if script is None:
        raise Failed(f"no completion for {shell} in this version of click")
    click.echo(script(cli, {}, "mf", "_MF_COMPLETE").source())
