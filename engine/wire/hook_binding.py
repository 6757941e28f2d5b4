"""Which hooks a resource names, by the moment at which they run."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final


class Moment(StrEnum):
    """When a hook runs, by the words of the state."""

    BEFORE_CREATE = "BeforeCreate"
    AFTER_CREATE = "AfterCreate"
    BEFORE_UPDATE = "BeforeUpdate"
    AFTER_UPDATE = "AfterUpdate"
    BEFORE_DELETE = "BeforeDelete"
    AFTER_DELETE = "AfterDelete"
    ON_ERROR = "OnError"


_FIELDS: Final = {
    Moment.BEFORE_CREATE: "before_create",
    Moment.AFTER_CREATE: "after_create",
    Moment.BEFORE_UPDATE: "before_update",
    Moment.AFTER_UPDATE: "after_update",
    Moment.BEFORE_DELETE: "before_delete",
    Moment.AFTER_DELETE: "after_delete",
    Moment.ON_ERROR: "on_error",
}


def bindings(message: Any) -> dict[str, tuple[str, ...]]:
    """Names of hooks by the moment at which they run."""
    found = {moment.value: tuple(getattr(message, field)) for moment, field in _FIELDS.items()}
    return {moment: names for moment, names in found.items() if names}


def fill_bindings(message: Any, hooks: Mapping[str, tuple[str, ...]]) -> None:
    """The reverse: write names into a message."""
    for moment, names in hooks.items():
        getattr(message, _FIELDS[Moment(moment)]).extend(names)
