"""Whether a resource that moves to another provider has to be replaced."""

from __future__ import annotations

from engine.deploy.decide.goal import Goal
from engine.deploy.decide.old_states import OldStates
from engine.deploy.remember.renaming import renamed_provider
from engine.provider_api import DiffRequest
from engine.providers.fleet import Fleet
from engine.providers.settings_provider import SettingsProvider
from engine.state.model import Resource
from engine.urn import name_of, split_provider_reference


class ProviderChange:
    """Compares the settings of the old and the new provider, as the new one sees them."""

    def __init__(self, fleet: Fleet, olds: OldStates) -> None:
        self._fleet = fleet
        self._olds = olds

    def forces(self, old: Resource, goal: Goal) -> bool:
        """Whether the new provider says that its settings mean another place."""
        names = {was: now for now, was in self._olds.former.copy().items()}
        if not goal.provider or renamed_provider(old.provider, names) == goal.provider:
            return False
        before = self._old_provider(old.provider)
        after = self._fleet.get(goal.provider)
        if before is None or after.unknown or before.type.rpartition(":")[2] != after.package:
            return False
        reply = SettingsProvider(self._fleet).diff(
            DiffRequest(
                urn=before.urn,
                type=before.type,
                name=name_of(before.urn),
                id=before.id,
                olds=before.outputs,
                old_inputs=before.inputs,
                news=after.inputs,
            )
        )
        return bool(reply.replaces) or any(one.kind.value.endswith("-replace") for one in reply.detailed.values())

    def _old_provider(self, reference: str) -> Resource | None:
        if not reference:
            return None
        urn, id = split_provider_reference(reference)
        candidates = (one for one in self._olds.resources if one.urn == urn and one.id == id)
        return next(candidates, None)
