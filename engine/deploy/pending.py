"""What an earlier update that was cut off has left behind."""

from __future__ import annotations

from collections.abc import Callable

from engine.deploy import events
from engine.deploy.api import Event
from engine.errors import UnsupportedError
from engine.provider_api import Severity
from engine.state.model import Deployment


def warn_of_pending(base: Deployment, emit: Callable[[Event], None]) -> None:
    """Name every step that had begun, and the way out where a resource may exist without the state knowing its id."""
    if not base.pending:
        return
    lines = [
        "Attempting to deploy or update resources "
        f"with {len(base.pending)} pending operations from previous deployment.",
        *(f"  * {one.resource.urn}, interrupted while {one.type}" for one in base.pending),
        "Nobody knows how these ended. `pulumi refresh` finds out what became of resources that the state knows.",
    ]
    if any(one.type == "creating" for one in base.pending):
        lines.append(
            "One that was being created may exist all the same; look for it. If it does, take it over with "
            "`pulumi refresh --import-pending-creates URN --import-pending-creates ID`; "
            "if not, forget it with `pulumi refresh --clear-pending-creates`."
        )
    emit(events.diagnostic(Severity.WARNING, "\n".join(lines)))


def refuse_views(base: Deployment) -> None:
    """Views (resources that a provider reports beneath another one) are something that this engine does not do."""
    for one in base.resources:
        if one.extra.get("viewOf"):
            raise UnsupportedError(f"'{one.urn}' is a view of another resource, which this engine does not do")
