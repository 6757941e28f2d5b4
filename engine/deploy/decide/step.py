"""One step of an update: what happens to which resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from engine.provider_api import PropertyDiff
from engine.state.model import Resource


class Op(StrEnum):
    """The kinds of steps, by Pulumi's words."""

    SAME = "same"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    REPLACE = "replace"
    CREATE_REPLACEMENT = "create-replacement"
    DELETE_REPLACED = "delete-replaced"
    READ = "read"
    READ_REPLACEMENT = "read-replacement"
    IMPORT = "import"
    IMPORT_REPLACEMENT = "import-replacement"
    REFRESH = "refresh"
    DISCARD = "discard"
    DISCARD_REPLACED = "discard-replaced"
    REMOVE_PENDING_REPLACE = "remove-pending-replace"


MECHANICAL: Final = frozenset(
    {
        Op.CREATE_REPLACEMENT,
        Op.DELETE_REPLACED,
        Op.DISCARD_REPLACED,
        Op.IMPORT_REPLACEMENT,
        Op.READ_REPLACEMENT,
        Op.REMOVE_PENDING_REPLACE,
    }
)
"""Parts of a logical step (a replacement), which is counted in their stead."""

PENDING: Final[Mapping[Op, str]] = {
    Op.CREATE: "creating",
    Op.CREATE_REPLACEMENT: "creating",
    Op.UPDATE: "updating",
    Op.DELETE: "deleting",
    Op.DELETE_REPLACED: "deleting",
    Op.READ: "reading",
    Op.READ_REPLACEMENT: "reading",
    Op.IMPORT: "importing",
    Op.IMPORT_REPLACEMENT: "importing",
}
"""What the state says while the step runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step with the states before and after; `new` may be a plan of what is to be."""

    op: Op
    old: Resource | None = None
    new: Resource | None = None
    keys: tuple[str, ...] = ()
    """Properties that force a replacement."""
    diffs: tuple[str, ...] = ()
    detailed: Mapping[str, PropertyDiff] = field(default_factory=dict)

    @property
    def resource(self) -> Resource:
        """The resource it is about: the new state where there is one."""
        resource = self.new or self.old
        assert resource is not None
        return resource
