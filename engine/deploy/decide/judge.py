"""Decide what one custom resource needs: Check, then Diff, then the rules above them."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from engine.deploy.decide.comparison import compared, replaces, with_replace_on_changes
from engine.deploy.decide.dependents import Dependents
from engine.deploy.decide.goal import Goal
from engine.deploy.decide.ignored import with_old_values
from engine.deploy.decide.step import Op
from engine.deploy.decide.verdict import CheckFailed, Verdict
from engine.deploy.do.calls import Calls
from engine.errors import ProviderError
from engine.provider_api import DiffChanges, DiffReply, PropertyDiff
from engine.state.model import Resource
from engine.values import UNKNOWN, Props
from engine.values_walk import any_value, plain
from engine.wire.diff import diff_props, equal

TRIGGER: Final = "replacementTrigger"
"""The reason for a replacement that no step names as a key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the rest of the update means for one decision."""

    replaced: AbstractSet[str]
    """URNs that this update replaces."""
    must_replace: bool
    """The user asked for a replacement."""
    recreated: bool
    """This update itself deleted it, ahead of the replacement of something that it depends on."""
    preview: bool
    provider_forces: Callable[[Resource, Goal], bool]
    """Whether moving to the new provider needs a replacement."""
    dependents: Dependents
    inspect: Callable[[Goal, Props], Props]
    """What policies make of checked inputs; raises where they do not allow them."""


def judge(goal: Goal, old: Resource | None, calls: Calls, around: Circumstances) -> Verdict:
    """The verdict on a custom resource; blocks on the provider."""
    if old is None:
        return Verdict(op=Op.CREATE, inputs=_check(goal, calls, around, news=goal.inputs, olds=None))
    if old.external or around.recreated:
        # What is there belongs to somebody else, or is gone already.
        fresh = _check(goal, calls, around, news=goal.inputs, olds=None)
        return Verdict(op=Op.REPLACE, inputs=fresh, delete_first=around.recreated)
    if around.must_replace or old.taint:
        inputs = _check(goal, calls, around, news=goal.inputs, olds=None)
        return _replacement(goal, old, around, inputs=inputs, reply=_because("id"))
    wanted = with_old_values(goal.inputs, old.inputs, goal.ignore_changes)
    inputs = _check(goal, calls, around, news=wanted, olds=old.inputs)
    reply = _forced(goal, old, around) or _compare(goal, old, inputs, calls)
    if replaces(reply) or old.pending_replacement:
        inputs = _check(goal, calls, around, news=goal.inputs, olds=None)
        return _replacement(goal, old, around, inputs=inputs, reply=reply)
    if reply.changes is DiffChanges.NONE and not old.init_errors:
        return Verdict(op=Op.SAME, inputs=inputs)
    return Verdict(op=Op.UPDATE, inputs=inputs, diffs=tuple(reply.diffs), detailed=reply.detailed)


def judge_component(goal: Goal, old: Resource | None, around: Circumstances) -> Verdict:
    """The verdict on a component: nobody but the engine knows it."""
    inputs = around.inspect(goal, goal.inputs)
    if old is None:
        return Verdict(op=Op.CREATE, inputs=inputs)
    reply = _because("id") if around.must_replace or old.taint else _forced(goal, old, around)
    if old.pending_replacement:
        reply = reply or DiffReply(changes=DiffChanges.SOME)
    if reply is not None:
        return _replacement(goal, old, around, inputs=inputs, reply=reply)
    changes = {} if old.inputs == inputs else diff_props(old.inputs, inputs)
    if not changes:
        return Verdict(op=Op.SAME, inputs=inputs)
    detailed = {path: PropertyDiff(kind) for path, kind in changes.items()}
    return Verdict(op=Op.UPDATE, inputs=inputs, diffs=tuple(changes), detailed=detailed)


def _check(goal: Goal, calls: Calls, around: Circumstances, *, news: Props, olds: Props | None) -> Props:
    reply = calls.check(goal.urn, goal.type, news=news, olds=olds)
    if reply.failures:
        raise CheckFailed(goal.urn, reply.failures)
    return around.inspect(goal, reply.inputs)


def _compare(goal: Goal, old: Resource, inputs: Props, calls: Calls) -> DiffReply:
    reply = compared(replace(old, urn=goal.urn), inputs, calls, goal.ignore_changes)
    return with_replace_on_changes(reply, goal.replace_on_changes, has_init_errors=bool(old.init_errors))


def _forced(goal: Goal, old: Resource, around: Circumstances) -> DiffReply | None:
    """Reasons for a replacement before which the provider is not even asked."""
    if _triggered(goal, old, around):
        return DiffReply(changes=DiffChanges.SOME, replaces=[TRIGGER])
    if any(urn in around.replaced for urn in goal.replace_with):
        return _because("replaceWith")
    if goal.deleted_with in around.replaced:
        return _because("deletedWith")
    if old.custom != goal.custom or (old.provider != goal.provider and around.provider_forces(old, goal)):
        return _because("provider")
    return None


def _triggered(goal: Goal, old: Resource, around: Circumstances) -> bool:
    before, after = plain(old.replacement_trigger), plain(goal.replacement_trigger)
    if any_value(after, lambda value: value is UNKNOWN):
        if not around.preview:
            raise ProviderError(f"replacement trigger contains unknowns for {goal.urn}")
        return True
    return before is not None and after is not None and not equal(before, after)


def _because(key: str) -> DiffReply:
    return DiffReply(changes=DiffChanges.SOME, replaces=[key])


def _replacement(goal: Goal, old: Resource, around: Circumstances, *, inputs: Props, reply: DiffReply) -> Verdict:
    delete_first = reply.delete_before_replace
    if goal.delete_before_replace is not None:
        delete_first = goal.delete_before_replace
    return Verdict(
        op=Op.REPLACE,
        inputs=inputs,
        keys=tuple(key for key in reply.replaces if key != TRIGGER),
        diffs=tuple(reply.diffs),
        detailed=reply.detailed,
        # What an earlier update deleted, and failed to make again, is not there to be kept until the end.
        delete_first=delete_first or old.pending_replacement,
        dependents=around.dependents.of(old) if delete_first else (),
    )
