"""`mf exec`: a command, or a shell, inside an instance."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

import click

from mf.cli.context import app_argument, pass_session

if TYPE_CHECKING:
    from mf.ops.session import Session

_SHELL = "if command -v bash >/dev/null; then exec bash; else exec sh; fi"


@click.command("exec", context_settings={"ignore_unknown_options": False})
@app_argument
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.option("--instance", default="", metavar="ID", help="Which instance, as `mf app` names it; else the oldest.")
@click.option("-T", "--no-tty", is_flag=True, help="No terminal, even when standard input is one.")
@pass_session
def run(session: Session, app: str, command: tuple[str, ...], instance: str, no_tty: bool) -> None:
    """Run a command inside an instance of an app.

    It is interactive when standard input is a terminal; without a command it is a shell. Exits with the
    command's own code.

    \b
    Examples:
      mf exec web -- ls -l /app
      mf exec web                        a shell
      cat dump.sql | mf exec web -- sh -c 'cat > /tmp/dump.sql'
    """
    from mf.cli.main import complain
    from mf.ops import remote

    pod = remote.choose_instance(session, app, instance)
    tty = sys.stdin.isatty() and sys.stdout.isatty() and not no_tty
    try:
        with _raw_terminal() if tty else contextlib.nullcontext():
            code = remote.run(
                session,
                pod,
                command or _shell(tty),
                tty=tty,
                stdin=_unbuffered_input() if tty or not sys.stdin.isatty() else None,
                stdout=sys.stdout.buffer,
                stderr=sys.stderr.buffer,
            )
    except remote.NotStarted as exc:
        complain(exc)
        code = exc.code
    sys.exit(code)


def _shell(tty: bool) -> tuple[str, ...]:
    """The best shell there is; on a terminal it is told the terminal's size."""
    size = shutil.get_terminal_size()
    tell = f"stty rows {size.lines} cols {size.columns} 2>/dev/null; " if tty else ""
    return ("/bin/sh", "-c", tell + _SHELL)


def _unbuffered_input() -> BinaryIO:
    """Standard input without Python's buffer, whose lock a waiting reader would hold when the process ends."""
    return os.fdopen(sys.stdin.fileno(), "rb", buffering=0, closefd=False)


@contextlib.contextmanager
def _raw_terminal() -> Iterator[None]:
    """Keys go through as they are typed, Ctrl-C among them; the terminal is put back in any case."""
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setraw(descriptor)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
