"""Which resources an update may touch: targets and excludes, with wildcards and dependents."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from engine.deploy.api import Options
from engine.deploy.decide.references import Referring, references
from engine.state.model import Resource
from engine.urn import STACK_TYPE, is_provider_type, parse

_WILDCARD: Final = re.compile(r"\*\*?")


class Urns:
    """URNs, some of them with wildcards: `*` stands for all but a colon, `**` for everything."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self.literals: list[str] = []
        self._patterns: list[re.Pattern[str]] = []
        for text in patterns:
            if "*" in text:
                self._patterns.append(_compiled(text))
            else:
                self.literals.append(text)
        self._added = set(self.literals)

    def __bool__(self) -> bool:
        return bool(self._added or self._patterns)

    def __contains__(self, urn: object) -> bool:
        return isinstance(urn, str) and (urn in self._added or any(one.fullmatch(urn) for one in self._patterns))

    def add(self, urn: str) -> None:
        """Let another URN be one of them."""
        self._added.add(urn)


class Scope:
    """Decides for each resource, in the order in which they come: dependents follow what they depend on."""

    def __init__(self, options: Options) -> None:
        self.targets: Final = Urns(options.targets)
        self.excludes: Final = Urns(options.excludes)
        self.replace: Final = Urns(options.replace)
        self._target_dependents: Final = options.target_dependents
        self._exclude_dependents: Final = options.exclude_dependents
        self._reached: Final = Urns(options.targets)
        self._spared: Final = Urns(options.excludes)

    @property
    def limited(self) -> bool:
        """Whether anything is out of scope at all."""
        return bool(self.targets or self.excludes)

    def admits(self, urn: str, one: Referring) -> bool:
        """Whether the program's resource may change; providers and the stack itself always may."""
        if not self.limited or is_provider_type(parse(urn).type) or parse(urn).qualified_type == STACK_TYPE:
            return True
        if self.targets:
            return self._follows(urn, references(one), self._reached, with_dependents=self._target_dependents)
        return not self._follows(urn, references(one), self._spared, with_dependents=self._exclude_dependents)

    def to_refresh(self, one: Resource) -> bool:
        """Whether a resource of old state is to be read again; call it in the order of the state."""
        above = [urn for urn in references(one) if urn != one.provider.rpartition("::")[0]]
        if self.targets:
            return self._follows(one.urn, above, self._reached, with_dependents=self._target_dependents)
        return not self._follows(one.urn, above, self._spared, with_dependents=self._exclude_dependents)

    def to_delete(self, doomed: Sequence[Resource], olds: Sequence[Resource]) -> list[Resource]:
        """Those that may go: targets and what can't be without them, or all that no excluded one needs."""
        if self.targets:
            reached = _dependents(olds, {one.urn for one in olds if one.urn in self.targets})
            return [one for one in doomed if one.urn in reached]
        if self.excludes:
            spared = self._needed_by_excluded(olds)
            return [one for one in doomed if one.urn not in spared]
        return list(doomed)

    def unasked(self, deleted: Iterable[Resource]) -> list[Resource]:
        """Those that would have to go, too, although nobody said so."""
        if not self.targets or self._target_dependents:
            return []
        return [one for one in deleted if one.urn not in self.targets]

    def missing(self, known: Collection[str]) -> list[str]:
        """Targets (given in full) that don't exist."""
        return [urn for urn in self.targets.literals if urn not in known]

    def _follows(self, urn: str, above: Iterable[str], chosen: Urns, *, with_dependents: bool) -> bool:
        if urn in chosen:
            return True
        if not chosen or not with_dependents or not any(one in chosen for one in above):
            return False
        chosen.add(urn)
        return True

    def _needed_by_excluded(self, olds: Sequence[Resource]) -> AbstractSet[str]:
        spared = {one.urn for one in olds if one.urn in self.excludes}
        while True:
            size = len(spared)
            if self._exclude_dependents:
                spared |= _dependents(olds, spared)
            # Backwards, as everything stands behind what it needs.
            for one in reversed(olds):
                if one.urn in spared:
                    spared.update(references(one))
            if len(spared) == size:
                return spared


def _dependents(olds: Iterable[Resource], roots: AbstractSet[str]) -> set[str]:
    reached = set(roots)
    for one in olds:
        if one.urn not in reached and any(urn in reached for urn in references(one)):
            reached.add(one.urn)
    return reached


def _compiled(pattern: str) -> re.Pattern[str]:
    parts, at = [], 0
    for found in _WILDCARD.finditer(pattern):
        parts += [re.escape(pattern[at : found.start()]), ".*" if found.group() == "**" else "[^:]*"]
        at = found.end()
    return re.compile("".join([*parts, re.escape(pattern[at:])]))
