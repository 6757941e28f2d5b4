"""`mf` itself: finds the command, runs it, and maps what goes wrong to one message and an exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from mf.cli.catalogue import ALIASES, COMMANDS, SECTIONS
from mf.errors import Failed, MfError, Refused, Unavailable, Unknown, UsageError
from mf.version import VERSION

EXIT_CODES: dict[type[MfError], int] = {Failed: 1, UsageError: 2, Unknown: 3, Refused: 4, Unavailable: 5}
"""Base error → exit code; the rest of the tree follows its base."""
UNEXPECTED = 70
INTERRUPTED = 130

HELP = """Run apps like on Cloud Foundry, on the infrastructure you have.

\b
  mf up                                    a platform, on this machine or on a cluster you have
  mf push web                              the app in this folder, built and reachable
  mf create-service postgresql small db    a database
  mf bind-service web db                   its credentials for the app
"""


class Mf(click.Group):
    """A group that imports a command only when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click's signature
        """All names, in the order of the catalogue."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 click's signature
        """The command of a name or alias; a broken import is an error of its own, never an unknown command."""
        entry = COMMANDS.get(ALIASES.get(cmd_name, cmd_name))
        if entry is None:
            return None
        module, attribute = entry.place.split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Unknown names get the nearest known ones."""
        name = args[0]
        if name not in COMMANDS and name not in ALIASES and not name.startswith("-"):
            from difflib import get_close_matches  # late: only a mistyped name needs it

            near = get_close_matches(name, [*COMMANDS, *ALIASES], n=3)
            hint = f"did you mean: {', '.join(near)}" if near else "all commands: mf --help"
            raise UsageError(f"mf has no command '{name}'", hint=hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 click's signature
        """Commands by section, from the catalogue alone."""
        width = max(len(_title(name)) for name in COMMANDS)
        for section, commands in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(_title(entry.name).ljust(width), entry.summary) for entry in commands])


def _title(name: str) -> str:
    return ", ".join((name, *COMMANDS[name].aliases))


@click.group(cls=Mf, help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(VERSION, prog_name="mf")
@click.option("--kubeconfig", metavar="FILE", default="", help="Cluster to talk to, instead of the usual one.")
@click.option("-v", "--verbose", is_flag=True, help="Show the full trace of an unexpected error.")
@click.pass_context
def cli(ctx: click.Context, kubeconfig: str, verbose: bool) -> None:
    """The group; what it is given is kept for the commands."""
    ctx.obj = {"kubeconfig": kubeconfig, "verbose": verbose}


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; the exit code."""
    argv = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code: Any = cli.main(args=argv, prog_name="mf", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as exc:
        return exc.exit_code
    except click.ClickException as exc:
        exc.show()
        return exc.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nmf: interrupted; the same command again goes on from here", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stdout = None  # the reader went away, as `| head` does; Python's own flush at exit must not complain
        return 0
    except MfError as exc:
        return complain(exc)
    except Exception as exc:  # noqa: BLE001 this is the outermost layer
        return _explained(exc, verbose="-v" in argv or "--verbose" in argv)


def complain(error: MfError) -> int:
    """Message, reasons and hint on stderr; the exit code by the table."""
    click.echo(f"{click.style('mf:', fg='red', bold=True)} {error.message}", err=True)
    for reason in getattr(error, "reasons", ()):
        click.echo("    " + reason.replace("\n", "\n    "), err=True)
    if error.hint:
        click.echo(f"    {click.style('→', fg='cyan')} {error.hint}", err=True)
    return next((code for base, code in EXIT_CODES.items() if isinstance(error, base)), 1)


def _explained(error: Exception, *, verbose: bool) -> int:
    """Errors of other rooms in our words; what nobody expected goes to a file in full."""
    from mf.ops.failures import explain, keep_report

    known = explain(error)
    if known is not None:
        return complain(known)
    if verbose:
        sys.excepthook(type(error), error, error.__traceback__)
    report = keep_report(error)
    click.echo(f"mf: unexpected {type(error).__name__}: {error}", err=True)
    click.echo(f"    report {report.stem}: {report}", err=True)
    return UNEXPECTED


def main() -> None:
    """Entry point of the console script."""
    gc.set_threshold(100_000, 50, 50)  # nearly all that a command makes at start stays: looking for garbage is a waste
    sys.exit(run())
