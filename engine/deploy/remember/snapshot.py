"""The state in the making: finished resources first, then the old ones that were not reached yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, count

from engine.deploy.remember.renaming import renamed
from engine.state.model import Deployment, PendingOperation, Resource


class Snapshot:
    """Valid at every moment: a resource only enters after everything that it needs.

    Old resources are named by their original object of the base deployment, as twins may share a URN.
    """

    def __init__(self, base: Deployment) -> None:
        self._extra = base.extra
        self._old = {id(resource): resource for resource in base.resources}
        self._originals = base.resources  # keeps the ids of the objects valid
        self._new: dict[str, Resource] = {}
        self._names: dict[str, str] = {}
        self._former: dict[str, str] = {}
        self._tokens = count()
        # A create that was cut off may have made something; only people can tell what. Everything else is tried again.
        self._pending = {next(self._tokens): operation for operation in base.pending if operation.type == "creating"}

    def put(self, new: Resource, *, instead_of: Resource | None = None) -> None:
        """Add a finished resource; the old one, if any, goes."""
        self._new[new.urn] = new
        if new.urn in self._former:
            self._names[self._former.pop(new.urn)] = new.urn
        if instead_of is not None:
            self.drop(instead_of)

    def keep(self, original: Resource, urn: str) -> Resource:
        """Take an old resource over as it stands, under the URN that it has now."""
        kept = replace(renamed(self._old[id(original)], self._names), urn=urn)
        self.put(kept, instead_of=original)
        return kept

    def amend(self, new: Resource) -> None:
        """Change a finished resource where it stands."""
        if new.urn not in self._new:
            raise KeyError(new.urn)
        self._new[new.urn] = new

    def finished(self, urn: str) -> Resource | None:
        """The finished resource of that URN."""
        return self._new.get(urn)

    def mark(self, original: Resource, changed: Resource) -> None:
        """Change an old resource that stays for now (about to be deleted, replaced, refreshed)."""
        self._old[id(original)] = changed

    def drop(self, original: Resource) -> None:
        """Forget an old resource."""
        self._old.pop(id(original), None)

    def current(self, original: Resource) -> Resource | None:
        """How an old resource stands now; None when it is gone or finished."""
        return self._old.get(id(original))

    def begin(self, resource: Resource, operation: str) -> int:
        """Note that a step is about to change the world."""
        token = next(self._tokens)
        self._pending[token] = PendingOperation(resource=resource, type=operation)
        return token

    def end(self, token: int) -> None:
        """The step of that token is over."""
        self._pending.pop(token, None)

    def rename(self, old: str, new: str) -> None:
        """A resource of another name was found to be this one: once it is finished, old neighbours refer to it so."""
        self._former[new] = old

    def restart(self) -> tuple[Resource, ...]:
        """Take the state as it is now for the old one: nothing of it is finished any more."""
        self._originals = self.deployment().resources
        self._old = {id(resource): resource for resource in self._originals}
        self._new.clear()
        self._names.clear()
        return self._originals

    def remaining_by_key(self) -> Iterable[tuple[int, Resource]]:
        """Old resources that are still there, by the identity of their original."""
        return self._old.items()

    def deployment(self) -> Deployment:
        """The state as it is now."""
        names = self._names
        olds: Iterable[Resource] = self._old.values()
        pending: Iterable[PendingOperation] = self._pending.values()
        if names:
            olds = (renamed(resource, names) for resource in olds)
            pending = (replace(operation, resource=renamed(operation.resource, names)) for operation in pending)
        return Deployment(resources=tuple(chain(self._new.values(), olds)), pending=tuple(pending), extra=self._extra)
