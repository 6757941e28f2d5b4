"""Compare an existing resource with what is wanted: the provider's answer, and what the engine makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from engine.deploy.do.calls import Calls
from engine.provider_api import DiffChanges, DiffKind, DiffReply, PropertyDiff
from engine.state.model import Resource
from engine.values import Props
from engine.wire.diff import diff_props
from engine.wire.paths import contains, parse

INIT_ERROR: Final = "#initerror"
"""The path that stands for errors of an earlier initialization."""

_REPLACING: Final = {
    DiffKind.ADD: DiffKind.ADD_REPLACE,
    DiffKind.DELETE: DiffKind.DELETE_REPLACE,
    DiffKind.UPDATE: DiffKind.UPDATE_REPLACE,
}


def compared(old: Resource, inputs: Props, calls: Calls, ignore: Sequence[str]) -> DiffReply:
    """The provider's answer; where it has none, the difference of the inputs."""
    reply = calls.diff(old, inputs, ignore)
    if reply.changes is not DiffChanges.UNKNOWN:
        return reply
    found = diff_props(old.inputs, inputs, ignore=tuple(ignore))
    detailed = reply.detailed or {path: PropertyDiff(kind, input_diff=True) for path, kind in found.items()}
    changes = DiffChanges.SOME if found or reply.replaces or reply.detailed else DiffChanges.NONE
    return replace(reply, changes=changes, detailed=detailed, diffs=list(reply.diffs or found))


def replaces(reply: DiffReply) -> bool:
    """Whether the difference can only be met by another resource."""
    if reply.changes is DiffChanges.NONE:
        return False
    return bool(reply.replaces) or any(_is_replacing(one) for one in reply.detailed.values())


def with_replace_on_changes(reply: DiffReply, paths: Sequence[str], *, has_init_errors: bool) -> DiffReply:
    """The answer with every change at these paths made a reason to replace."""
    if not paths or (reply.changes is not DiffChanges.SOME and not has_init_errors):
        return reply
    watched = [parse(path) for path in paths]
    detailed: Mapping[str, PropertyDiff] = {
        path: replace(one, kind=_REPLACING.get(one.kind, one.kind)) if _is_within(path, watched) else one
        for path, one in reply.detailed.items()
    }
    keys = [key for key in reply.diffs if _is_within(key, watched)]
    changes = reply.changes
    if has_init_errors and _is_within(INIT_ERROR, watched):
        keys.append(INIT_ERROR)
        changes = DiffChanges.SOME
    return replace(reply, changes=changes, detailed=detailed, replaces=list(dict.fromkeys([*reply.replaces, *keys])))


def _is_within(path: str, watched: Sequence[Sequence[str | int]]) -> bool:
    return any(contains(one, parse(path)) for one in watched)


def _is_replacing(one: PropertyDiff) -> bool:
    return one.kind.value.endswith("-replace")
