"""Decide what one custom resource needs: Check, then Diff, then the rules above them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from engine.deploy.decide.dependents import Dependents
from engine.deploy.decide.goal import Goal
from engine.deploy.decide.ignored import with_old_values
from engine.deploy.decide.step import Op
from engine.deploy.decide.verdict import CheckFailed, Verdict
from engine.deploy.do.calls import Calls
from engine.errors import ProviderError, UnsupportedError
from engine.provider_api import DiffChanges, DiffKind, DiffReply, PropertyDiff
from engine.state.model import Resource
from engine.values import UNKNOWN, Props
from engine.wire.diff import diff_props, equal
from engine.wire.paths import contains, parse

_REPLACING = {
    DiffKind.ADD: DiffKind.ADD_REPLACE,
    DiffKind.DELETE: DiffKind.DELETE_REPLACE,
    DiffKind.UPDATE: DiffKind.UPDATE_REPLACE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the rest of the update means for one decision."""

    replaced: AbstractSet[str]
    """URNs that this update replaces."""
    must_replace: bool
    """The user asked for a replacement."""
    preview: bool
    provider_forces: Callable[[Resource, Goal], bool]
    """Whether moving to the new provider needs a replacement."""
    dependents: Dependents


def judge(goal: Goal, old: Resource | None, calls: Calls, around: Circumstances) -> Verdict:
    """The verdict on a custom resource; blocks on the provider."""
    _refuse_import(goal, old)
    if old is None or old.external or not old.custom:
        return _fresh(goal, old, calls)
    wanted = with_old_values(goal.inputs, old.inputs, goal.ignore_changes)
    inputs = _check(goal, calls, news=wanted, olds=old.inputs)
    if old.pending_replacement:
        # Its predecessor was deleted by an update that failed afterwards.
        return Verdict(op=Op.REPLACE, inputs=_check(goal, calls, news=goal.inputs, olds=None), delete_first=True)
    reply = _compare(goal, old, inputs, calls)
    forced = _forced(goal, old, around)
    replaces = tuple(dict.fromkeys((*forced, *reply.replaces, *_replacing_paths(reply.detailed))))
    if replaces:
        return _replacement(goal, old, calls, around=around, reply=replace(reply, replaces=replaces))
    if reply.changes is DiffChanges.NONE and not old.init_errors:
        return Verdict(op=Op.SAME, inputs=inputs)
    return Verdict(op=Op.UPDATE, inputs=inputs, diffs=tuple(reply.diffs), detailed=reply.detailed)


def judge_component(goal: Goal, old: Resource | None) -> Verdict:
    """The verdict on a component: nobody but the engine knows it."""
    if old is None:
        return Verdict(op=Op.CREATE, inputs=goal.inputs)
    if old.custom:
        return Verdict(op=Op.REPLACE, inputs=goal.inputs, keys=("custom",))
    changes = {} if old.inputs == goal.inputs else diff_props(old.inputs, goal.inputs)
    if not changes:
        return Verdict(op=Op.SAME, inputs=goal.inputs)
    detailed = {path: PropertyDiff(kind) for path, kind in changes.items()}
    return Verdict(op=Op.UPDATE, inputs=goal.inputs, diffs=tuple(changes), detailed=detailed)


def _fresh(goal: Goal, old: Resource | None, calls: Calls) -> Verdict:
    inputs = _check(goal, calls, news=goal.inputs, olds=None)
    return Verdict(op=Op.CREATE if old is None else Op.REPLACE, inputs=inputs)


def _check(goal: Goal, calls: Calls, *, news: Props, olds: Props | None) -> Props:
    reply = calls.check(goal.urn, goal.type, news=news, olds=olds)
    if reply.failures:
        raise CheckFailed(goal.urn, reply.failures)
    return reply.inputs


def _compare(goal: Goal, old: Resource, inputs: Props, calls: Calls) -> DiffReply:
    reply = calls.diff(replace(old, urn=goal.urn), inputs, goal.ignore_changes)
    if reply.changes is DiffChanges.UNKNOWN:
        found = diff_props(old.inputs, inputs, ignore=goal.ignore_changes)
        detailed = reply.detailed or {path: PropertyDiff(kind) for path, kind in found.items()}
        changes = DiffChanges.SOME if found or reply.replaces or reply.detailed else DiffChanges.NONE
        reply = replace(reply, changes=changes, detailed=detailed, diffs=tuple(reply.diffs) or tuple(found))
    if goal.replace_on_changes and reply.changes is DiffChanges.SOME:
        return _with_replace_on_changes(goal, old, inputs, reply)
    return reply


def _with_replace_on_changes(goal: Goal, old: Resource, inputs: Props, reply: DiffReply) -> DiffReply:
    watched = [parse(path) for path in goal.replace_on_changes]
    changed: Mapping[str, PropertyDiff] = reply.detailed or {
        path: PropertyDiff(kind) for path, kind in diff_props(old.inputs, inputs).items()
    }
    hit = [path for path in changed if _matches(path, watched)]
    if not hit:
        return reply
    promoted = {path: PropertyDiff(_REPLACING.get(changed[path].kind, changed[path].kind)) for path in hit}
    return replace(reply, replaces=(*reply.replaces, *hit), detailed={**changed, **promoted})


def _matches(path: str, watched: Sequence[Sequence[str | int]]) -> bool:
    steps = parse(path)
    # A change reported above a watched path may have changed that path as well.
    return any(contains(one, steps) or contains(steps, one) for one in watched)


def _forced(goal: Goal, old: Resource, around: Circumstances) -> tuple[str, ...]:
    if around.must_replace or old.taint:
        return ("id",)
    if goal.deleted_with in around.replaced or any(urn in around.replaced for urn in goal.replace_with):
        return ("id",)
    if goal.replacement_trigger is UNKNOWN and not around.preview:
        raise ProviderError(f"the replacement trigger of '{goal.name}' is unknown outside a preview")
    if not equal(old.replacement_trigger, goal.replacement_trigger):
        return ("id",)
    if old.provider != goal.provider and around.provider_forces(old, goal):
        return ("provider",)
    return ()


def _replacing_paths(detailed: Mapping[str, PropertyDiff]) -> list[str]:
    return [path for path, change in detailed.items() if change.kind.value.endswith("-replace")]


def _replacement(goal: Goal, old: Resource, calls: Calls, *, around: Circumstances, reply: DiffReply) -> Verdict:
    delete_first = reply.delete_before_replace
    if goal.delete_before_replace is not None:
        delete_first = goal.delete_before_replace
    return Verdict(
        op=Op.REPLACE,
        inputs=_check(goal, calls, news=goal.inputs, olds=None),
        keys=tuple(reply.replaces),
        diffs=tuple(reply.diffs),
        detailed=reply.detailed,
        delete_first=delete_first,
        dependents=around.dependents.of(old) if delete_first else (),
    )


def _refuse_import(goal: Goal, old: Resource | None) -> None:
    if not goal.import_id:
        return
    if old is not None and not old.external and goal.import_id in (old.import_id, old.id):
        return
    raise UnsupportedError(
        f"'{goal.name}' asks for the import of '{goal.import_id}', which this engine does not do",
        hint="import it with the pulumi command, then go on with this engine",
    )
