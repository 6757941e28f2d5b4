"""The resources of the last update, and which of them the program has claimed again."""

from __future__ import annotations

from collections.abc import Iterable

from engine.errors import EngineError
from engine.state.model import Resource


class OldStates:
    """Look-ups by URN and former URN, in constant time each."""

    def __init__(self, resources: tuple[Resource, ...]) -> None:
        self.resources = resources
        self._live = {resource.urn: resource for resource in resources if not resource.delete}
        self._claims: dict[str, str] = {}
        self.registered: set[str] = set()
        """URNs that this update has seen."""
        self.former: dict[str, str] = {}
        """The old URN of those that were found under another name."""
        self.replaced: set[str] = set()
        """URNs that this update replaces."""

    def register(self, urn: str) -> None:
        """Note that the program has this resource; a second one of the same name is an error."""
        if urn in self.registered:
            raise EngineError(f"Duplicate resource URN '{urn}'; try giving it a unique name")
        owner = self._claims.get(urn)
        if owner is not None:
            raise EngineError(f"Duplicate resource URN '{urn}' conflicting with alias on resource with URN '{owner}'")
        self.registered.add(urn)

    def claim(self, urn: str, former: Iterable[str]) -> Resource | None:
        """The old state of a resource, under its own or a former name; nobody else gets it."""
        for candidate in (urn, *former):
            old = self._live.get(candidate)
            if old is None:
                continue
            owner = candidate if candidate in self.registered else self._claims.setdefault(candidate, urn)
            if owner != urn:
                raise EngineError(
                    f"Duplicate resource alias '{candidate}' applied to resource with URN '{urn}' "
                    f"conflicting with resource with URN '{owner}'"
                )
            self._claims[candidate] = urn
            if candidate != urn:
                self.former[urn] = candidate
            return old
        return None

    def is_handled(self, urn: str) -> bool:
        """Whether the program has registered the resource, be it under another name."""
        return urn in self.registered or urn in self._claims

    def claimed_by(self, urn: str) -> str:
        """The URN under which the program has registered an old resource; empty when it has not."""
        return self._claims.get(urn, "")

    def live(self, urn: str) -> Resource | None:
        """The old state of that very URN."""
        return self._live.get(urn)

    def unclaimed(self) -> list[Resource]:
        """What the program does not have any more, and what earlier updates left to be deleted."""
        return [one for one in self.resources if one.delete or one.urn not in self._claims]
