"""What was decided about one resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.deploy.decide.step import Op
from engine.errors import ProviderError
from engine.provider_api import CheckFailure, PropertyDiff
from engine.state.model import Resource
from engine.urn import name_of, type_of
from engine.values import Props


class CheckFailed(ProviderError):
    """Inputs that the provider does not take."""

    leaves_doubt = False

    def __init__(self, urn: str, failures: Sequence[CheckFailure]) -> None:
        reasons = "; ".join(f"{one.property}: {one.reason}" if one.property else one.reason for one in failures)
        super().__init__(f"{type_of(urn)} resource '{name_of(urn)}' has a problem: {reasons}")
        self.failures = tuple(failures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """SAME, CREATE, UPDATE or REPLACE, with checked inputs and the reasons."""

    op: Op
    inputs: Props
    keys: tuple[str, ...] = ()
    diffs: tuple[str, ...] = ()
    detailed: Mapping[str, PropertyDiff] = field(default_factory=dict)
    delete_first: bool = False
    dependents: tuple[Resource, ...] = ()
    """Old resources that have to be deleted before this one is, in the order of the state."""
