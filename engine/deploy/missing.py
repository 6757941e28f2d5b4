"""Targets that nobody knows."""

from __future__ import annotations

from collections.abc import Collection

from engine.deploy.context import Context
from engine.errors import EngineError


def report_missing(context: Context, known: Collection[str]) -> None:
    """Name every target that is neither in the state nor in the program; the update fails, but goes on."""
    for urn in context.scope.missing(known):
        text = f"Target '{urn}' could not be found in the stack."
        if "$" not in urn:
            text += " Did you forget to escape $ in your shell?"
        context.control.note_failure()
        context.reporter.error(EngineError(text))


def refuse_missing(context: Context) -> None:
    """Where there is no program, all targets and excludes have to be in the state."""
    known = {one.urn for one in context.olds.resources}
    for urn in (*context.scope.missing(known), *(one for one in context.scope.excludes.literals if one not in known)):
        raise EngineError(f"no resource named '{urn}' found")
