"""What an earlier update that was cut off has left behind."""

from __future__ import annotations

from engine.deploy.reporter import Reporter
from engine.provider_api import Severity
from engine.state.model import Deployment
from engine.urn import name_of


def warn_of_pending(base: Deployment, reporter: Reporter) -> None:
    """Name every resource that may have been made without the state knowing its id."""
    for operation in base.pending:
        if operation.type != "creating":
            continue
        urn = operation.resource.urn
        reporter.log(
            Severity.WARNING,
            f"an earlier update was cut off while it was creating '{name_of(urn)}' ({operation.resource.type}): "
            "it may exist without being known here; look for it, remove it, "
            "and clear the note with `stack export`, an editor and `stack import`",
            urn=urn,
        )
