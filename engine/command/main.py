"""Runs one command line in this process: the outermost layer, which alone turns errors into text and exit codes."""

from __future__ import annotations

import logging
import sys
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from engine.backend.choose import open_backend
from engine.command.session import Session
from engine.command.table import find
from engine.display import terminal
from engine.display.colour import chosen
from engine.errors import ChangesMade, ConfirmationMissing, Declined, DeploymentFailed, EngineError, StackNotFound

_log: Final = logging.getLogger(__name__)

_CODES: Final[Mapping[type[EngineError], int]] = {
    ConfirmationMissing: 2,
    StackNotFound: 6,
    ChangesMade: 7,
    EngineError: 1,
}
"""Pulumi's exit codes, the narrower errors first."""


def main(
    argv: Sequence[str],
    cwd: str | Path,
    env: Mapping[str, str],
    out: Callable[[str], None],
    err: Callable[[str], None],
) -> int:
    """Run `pulumi ARGV` for a person: `out` and `err` get whole lines, questions go to the terminal."""
    session = Session(
        directory=Path(cwd),
        environment=env,
        out=out,
        err=err,
        open_backend=open_backend,
        read_input=sys.stdin.read,
        terminal=terminal.find(env),
    )
    return execute(argv, session)


def execute(argv: Sequence[str], session: Session) -> int:
    """Run one command line in a session; the exit code, every error told already."""
    session.out, session.err = _in_order(session.out), _in_order(session.err)
    try:
        return _dispatch(argv, session)
    except EngineError as exc:
        # What failed in an update was shown by its display; who says no knows.
        if not isinstance(exc, DeploymentFailed | Declined) or isinstance(exc, ChangesMade):
            session.err(f"error: {exc.message}")
            if exc.hint:
                session.err(f"hint: {exc.hint}")
        return next(code for kind, code in _CODES.items() if isinstance(exc, kind))
    except OSError as exc:
        # The machine's fault, such as a full disk or a folder that may not be written: its words say all.
        _log.exception("`pulumi %s` met the machine's limits", argv[0] if argv else "")
        session.err(f"error: {exc.filename or 'the machine'}: {exc.strerror or exc}")
    except Exception:  # noqa: BLE001 - outermost layer: logged in full, shown as a short id
        number = uuid.uuid4().hex[:8]
        _log.exception("internal error %s in `pulumi %s`", number, argv[0] if argv else "")
        session.err(f"error: internal error {number}; the log has it in full")
    return 1


def _dispatch(argv: Sequence[str], session: Session) -> int:
    from engine.command.manual import overview, page  # late: only help needs it

    if not [part for part in argv if part not in ("--help", "-h", "--non-interactive")]:
        session.out(overview())
        return 0
    command, line = find(argv)
    if line.on("help"):
        session.out(page(command))
        return 0
    if line.text("cwd"):
        session.directory = session.directory / line.text("cwd")
    if line.on("non-interactive"):
        session.terminal = None
    session.colour = chosen(line.text("color"), session.environment, terminal=session.terminal is not None)
    session.stack_flag = line.text("stack")
    return command.run(session, line)


def _in_order(write: Callable[[str], None]) -> Callable[[str], None]:
    """Lets several threads write, one text at a time and line by line."""
    lock = threading.Lock()

    def writing(text: str) -> None:
        with lock:
            for line in text.split("\n"):
                write(line)

    return writing
