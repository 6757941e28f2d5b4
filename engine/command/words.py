"""How operations are called on the screen: marks and verbs by op."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """A mark and the verb's forms: what is planned, what is going on, what was done."""

    mark: str
    plan: str
    doing: str
    done: str


OPS: Final = {
    "same": Words("  ", "unchanged", "checking", "unchanged"),
    "create": Words("+ ", "create", "creating", "created"),
    "update": Words("~ ", "update", "updating", "updated"),
    "delete": Words("- ", "delete", "deleting", "deleted"),
    "replace": Words("+-", "replace", "replacing", "replaced"),
    "create-replacement": Words("++", "create replacement", "creating replacement", "created replacement"),
    "delete-replaced": Words("--", "delete original", "deleting original", "deleted original"),
    "read": Words("> ", "read", "reading", "read"),
    "read-replacement": Words(">>", "read for replacement", "reading for replacement", "read for replacement"),
    "read-discard": Words("< ", "discard", "discarding", "discarded"),
    "discard": Words("< ", "discard", "discarding", "discarded"),
    "discard-replaced": Words("<<", "discard original", "discarding original", "discarded original"),
    "remove-pending-replace": Words("~ ", "complete replacement", "completing replacement", "completed replacement"),
    "refresh": Words("~ ", "refresh", "refreshing", "refreshed"),
    "import": Words("= ", "import", "importing", "imported"),
    "import-replacement": Words("=>", "import replacement", "importing replacement", "imported replacement"),
}

_OTHER: Final = Words("? ", "change", "changing", "changed")


def words(op: str) -> Words:
    """The words of an op."""
    return OPS.get(op, _OTHER)
