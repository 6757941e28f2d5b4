"""Who has to go before a resource can be deleted ahead of its replacement."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from engine.deploy.decide.comparison import compared, replaces, with_replace_on_changes
from engine.deploy.do.calls import Calls
from engine.errors import EngineError
from engine.state.model import Resource
from engine.urn import name_of, split_provider_reference
from engine.values import UNKNOWN, Props


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependents:
    """Looks through old state; resources that this update handled already are out of question."""

    olds: tuple[Resource, ...]
    is_handled: Callable[[str], bool]
    calls: Callable[[Resource], Calls]

    def of(self, root: Resource) -> tuple[Resource, ...]:
        """Old resources that can't outlive `root`, in the order of the state."""
        doomed = {root.urn}
        found = []
        for resource in self.olds:
            if resource.urn in doomed or self.is_handled(resource.urn) or resource.delete:
                continue
            if self._falls(resource, root, doomed):
                self._refuse_protected(resource, root)
                doomed.add(resource.urn)
                found.append(resource)
        return tuple(found)

    def _falls(self, resource: Resource, root: Resource, doomed: AbstractSet[str]) -> bool:
        if root.urn in resource.replace_with or resource.deleted_with == root.urn:
            return True
        if not resource.custom or resource.external:
            return False
        if resource.deleted_with in doomed:
            return True
        if resource.provider and split_provider_reference(resource.provider)[0] in doomed:
            return True
        touched = _touched(resource, doomed)
        return touched is not None and self._replaced_by(resource, touched)

    def _replaced_by(self, resource: Resource, inputs: Props) -> bool:
        reply = compared(resource, inputs, self.calls(resource), resource.ignore_changes)
        return replaces(with_replace_on_changes(reply, resource.replace_on_changes, has_init_errors=False))

    def _refuse_protected(self, resource: Resource, root: Resource) -> None:
        if resource.protect:
            raise EngineError(
                f"unable to replace '{name_of(root.urn)}' as part of replacing it deletes '{name_of(resource.urn)}', "
                "which is protected",
                hint=f"unprotect it: pulumi state unprotect '{resource.urn}'",
            )


def _touched(resource: Resource, doomed: AbstractSet[str]) -> Props | None:
    """Old inputs with everything unknown that came from the doomed; None when nothing did."""
    if doomed.isdisjoint(resource.dependencies):
        return None
    if not resource.property_dependencies:
        return dict.fromkeys(resource.inputs, UNKNOWN)
    hit = {key for key, urns in resource.property_dependencies.items() if not doomed.isdisjoint(urns)}
    if not hit:
        return None
    return {key: UNKNOWN if key in hit else value for key, value in resource.inputs.items()}
