"""`destroy --exclude-protected`: what is protected, and what that needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from engine.command.flags import Line
from engine.command.session import Session, latest
from engine.errors import UsageError


def protected_urns(session: Session, line: Line) -> tuple[str, ...]:
    """URNs that a destroy of everything unprotected has to leave alone."""
    if not line.on("exclude-protected"):
        return ()
    if line.list("target"):
        raise UsageError("you cannot specify --target and --exclude-protected")
    return needed_by_protected(latest(session.backend.read(session.stack_id())).get("resources") or ())


def nothing_else(session: Session, spared: Collection[str]) -> bool:
    """Whether nothing is left to destroy; tells so."""
    resources = latest(session.backend.read(session.stack_id())).get("resources") or ()
    if len(spared) < len({item["urn"] for item in resources}):
        return False
    session.out(
        f"There were no unprotected resources to destroy. There are still {len(spared)} protected resources "
        "associated with this stack."
    )
    return True


def needed_by_protected(resources: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Protected resources of a checkpoint and all that they need, in the order of the state."""
    spared: set[str] = set()
    for item in reversed(resources):
        if item.get("protect") or item["urn"] in spared:
            spared |= {item["urn"], *_references(item)}
    return tuple(dict.fromkeys(item["urn"] for item in resources if item["urn"] in spared))


def _references(item: Mapping[str, Any]) -> set[str]:
    lists = [item.get("dependencies") or (), item.get("replaceWith") or ()]
    lists += [urns or () for urns in (item.get("propertyDependencies") or {}).values()]
    single = (item.get("parent"), item.get("deletedWith"), str(item.get("provider") or "").rpartition("::")[0])
    return {urn for urns in lists for urn in urns} | {urn for urn in single if urn}
