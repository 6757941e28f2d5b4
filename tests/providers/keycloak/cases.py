"""A support file: one life for each resource type, in a realm that has what they need.

`{name}` in a text is the id of a shared thing (`realm`, `role`, `group`, …), `{id}` the id of the case's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """What is created, what is changed in place, what would need a new one, and how one is imported."""

    token: str
    wanted: dict[str, Any]
    change: dict[str, Any] = field(default_factory=dict)
    replace: str = ""
    imported: str = ""
    untold: tuple[str, ...] = ()
    """Properties that an import cannot know."""
    stays: bool = False
    """A part of something else that can only be emptied, not removed."""

    def __str__(self) -> str:
        return self.token.rpartition(":")[2] + ("" if "index/" in self.token else "-" + self.token.partition("/")[0])


def filled(value: Any, names: dict[str, str]) -> Any:
    """The value with the ids of shared things filled in."""
    if isinstance(value, str):
        for name, text in names.items():
            value = value.replace("{" + name + "}", text)
        return value
    if isinstance(value, dict):
        return {key: filled(item, names) for key, item in value.items()}
    return [filled(item, names) for item in value] if isinstance(value, list) else value
