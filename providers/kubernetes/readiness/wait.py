"""Waiting until an object is ready, or until it is clear that it will not be."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from engine.kube.client import Kube
from providers.kubernetes import marks
from providers.kubernetes.context import Context
from providers.kubernetes.manifest import subject
from providers.kubernetes.readiness import diagnose
from providers.kubernetes.readiness.feed import MAIN, Feed, Object, Selection, main_selection
from providers.kubernetes.readiness.rules import rule_for
from providers.kubernetes.readiness.verdict import Rule, Trouble, Verdict

_TICK = 0.3
_ASK_WARNINGS_EVERY = 5.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a wait ended: reasons when not ready, and the object as last seen."""

    reasons: Sequence[str]
    live: Object


@dataclass(slots=True)
class _Patience:
    """Since when each trouble lasts."""

    since: dict[tuple[str, str, str], float] = field(default_factory=dict)

    def has_ended(self, troubles: Sequence[Trouble]) -> bool:
        now = time.monotonic()
        self.since = {t.key: self.since.get(t.key, now) for t in troubles}
        return any(now - self.since[t.key] >= t.grace for t in troubles)


def until_ready(
    context: Context, live: Object, *, asked: Object, timeout: float, progress: Callable[[str], None]
) -> Outcome:
    """Follow the object until its rule is content; `asked` carries the annotations of the program."""
    rule = rule_for(live, asked)
    if rule is None or (not rule.selections(live) and rule.judge(live, _nothing).ready):
        return Outcome((), live)
    limit = marks.timeout(asked, asked=timeout, default=rule.timeout)
    with Feed(context.kube, {MAIN: main_selection(live), **rule.selections(live)}) as feed:
        return _Wait(context, rule, feed, progress).run(live, limit)


def why_unready(context: Context, live: Object, *, asked: Object) -> Sequence[str]:
    """One look: reasons why the object is not ready at this moment."""
    rule = rule_for(live, asked)
    if rule is None:
        return ()
    seen = {key: _look(context.kube, s.api_version, s) for key, s in rule.selections(live).items()}
    verdict = rule.judge(live, lambda key: seen[key])
    return () if verdict.ready else diagnose.explain(context.kube, live, verdict, why="")


def _look(kube: Kube, api_version: str, chosen: Selection) -> list[Object]:
    return kube.list(api_version, chosen.kind, namespace=chosen.namespace, labels=chosen.labels, fields=chosen.fields)


def _nothing(key: str) -> Sequence[Object]:
    del key
    return ()


@dataclass(slots=True)
class _Wait:
    context: Context
    rule: Rule
    feed: Feed
    progress: Callable[[str], None]
    asked_at: float = field(default_factory=time.monotonic)
    warned: str = ""

    def run(self, live: Object, limit: float) -> Outcome:
        deadline, patience = time.monotonic() + limit, _Patience()
        verdict = Verdict(message="nothing is known of it yet")
        while True:
            if self.feed.complete():
                found = [o for o in self.feed.objects(MAIN) if o["metadata"]["uid"] == live["metadata"]["uid"]]
                if not found:
                    return Outcome([f"{subject(live)} was deleted while it was waited for"], live)
                live, verdict = found[0], self.rule.judge(found[0], self.feed.objects)
                if verdict.ready:
                    return Outcome((), live)
                if verdict.failed or patience.has_ended(verdict.troubles):
                    return self._ended(live, verdict, "")
                self._show(live, verdict)
            if self.context.cancelled():
                return Outcome([f"{subject(live)} is not ready: stopped on request ({verdict.message})"], live)
            if time.monotonic() > deadline:
                return self._ended(live, verdict, f"after {limit:.0f} s")
            self.feed.wait(_TICK)

    def _ended(self, live: Object, verdict: Verdict, why: str) -> Outcome:
        return Outcome(diagnose.explain(self.context.kube, live, verdict, why=why), live)

    def _show(self, live: Object, verdict: Verdict) -> None:
        """What is waited for; now and then with what the cluster complains about."""
        if time.monotonic() - self.asked_at > _ASK_WARNINGS_EVERY:
            self.asked_at = time.monotonic()
            self.warned = next(diagnose.warnings(self.context.kube, live, verdict.pods), "")
        self.progress(f"{verdict.message}; {self.warned}" if self.warned else verdict.message)
