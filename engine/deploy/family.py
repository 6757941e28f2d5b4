"""Complete registrations: names in full, and what children inherit from their parents."""

from __future__ import annotations

from collections.abc import Mapping

from engine.deploy.api import StackId
from engine.deploy.decide.goal import Goal
from engine.errors import EngineError
from engine.urn import build
from engine.wire.registration import Registration


class Family:
    """Remembers every registered resource's options for its children."""

    def __init__(self, stack: StackId) -> None:
        self._stack = stack
        self._goals: dict[str, Goal] = {}
        self._providers: dict[str, Mapping[str, str]] = {}

    def urn(self, type: str, name: str, parent: str) -> str:
        """The URN of a resource of this stack."""
        return build(self._stack.name, self._stack.project, type, name=name, parent=parent)

    def provider_for(self, package: str, request: Registration) -> str:
        """The provider that a request names or inherits; empty when it is left to the default."""
        if request.provider.reference:
            return request.provider.reference
        parent = self._goals.get(request.parent)
        inherited = self.providers_for(request).get(package, "")
        if inherited or parent is None or not parent.custom:
            return inherited
        return parent.provider if parent.type.partition(":")[0] == package else ""

    def providers_for(self, request: Registration) -> Mapping[str, str]:
        """By package, the providers that a component hands down: its own go before those of its parent."""
        inherited = self._providers.get(request.parent, {})
        return {**inherited, **request.providers} if request.providers else inherited

    def known(self, urn: str) -> Goal | None:
        """What was wanted of a registered resource."""
        return self._goals.get(urn)

    def goal(self, request: Registration, provider: str) -> Goal:
        """What the program wants, with everything inherited."""
        parent = self._goals.get(request.parent)
        if request.parent and parent is None:
            raise EngineError(f"the parent '{request.parent}' of '{request.name}' is not registered")
        return Goal(
            urn=self.urn(request.type, request.name, request.parent),
            type=request.type,
            name=request.name,
            custom=request.custom,
            parent=request.parent,
            provider=provider,
            inputs=request.inputs,
            protect=_inherited(request.protect, parent is not None and parent.protect),
            retain_on_delete=_inherited(request.retain_on_delete, parent is not None and parent.retain_on_delete),
            delete_before_replace=request.delete_before_replace,
            dependencies=request.dependencies,
            property_dependencies=_property_dependencies(request),
            ignore_changes=request.ignore_changes,
            replace_on_changes=request.replace_on_changes,
            hide_diff=request.hide_diff,
            additional_secret_outputs=request.additional_secret_outputs,
            aliases=request.aliases,
            import_id=request.import_id,
            deleted_with=request.deleted_with or (parent.deleted_with if parent else ""),
            replace_with=request.replace_with,
            replacement_trigger=request.replacement_trigger,
            timeouts=request.timeouts,
            hooks=request.hooks,
        )

    def parent_of(self, urn: str) -> str:
        """The parent of a registered resource; empty where there is none."""
        goal = self._goals.get(urn)
        return goal.parent if goal is not None else ""

    def remember(self, goal: Goal, providers: Mapping[str, str]) -> None:
        """Children may come now."""
        self._goals[goal.urn] = goal
        inherited = self._providers.get(goal.parent, {})
        self._providers[goal.urn] = {**inherited, **providers} if providers else inherited


def _inherited(own: bool | None, parents: bool) -> bool:
    return parents if own is None else own


def _property_dependencies(request: Registration) -> Mapping[str, tuple[str, ...]]:
    if request.property_dependencies or not request.dependencies or not request.custom:
        return request.property_dependencies
    # Without details every property may come from any of them.
    return dict.fromkeys(request.inputs, request.dependencies)
