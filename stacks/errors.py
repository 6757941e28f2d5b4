"""What can be wrong with a stack's settings.

StackError
├── UnknownKind     a kind of environment that there is no program for
└── BadSettings     a key or value that makes no sense
"""

from __future__ import annotations

from collections.abc import Iterable

import pulumi


class StackError(pulumi.RunError):
    """Base; shown as one line, without a traceback."""


class UnknownKind(StackError):
    """A kind of environment that there is no program for."""

    def __init__(self, stack: str, kind: str, known: Iterable[str]) -> None:
        choices = ", ".join(known)
        super().__init__(f"stack '{stack}' is of kind '{kind}'; set microfoundry:kind to one of: {choices}")


class BadSettings(StackError):
    """A key or value that makes no sense."""
