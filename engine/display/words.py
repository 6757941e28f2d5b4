"""How operations are called on the screen: marks, colours and verbs by op."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.display import colour


@dataclass(frozen=True, slots=True)
class Words:
    """A mark, its colour, and the verb's forms: planned, going on, done, failed."""

    mark: str
    colour: str
    plan: str
    doing: str
    done: str
    failed: str

    def prefix(self, *, done: bool = True) -> str:
        """The mark in its colour."""
        return f"{self.paint(done=done)}{self.mark}"

    def paint(self, *, done: bool = True) -> str:
        """The colour alone; what goes on is bold."""
        return self.colour if done else colour.BOLD + self.colour


_PLAIN: Final = colour.RESET
_REPLACE: Final = colour.BRIGHT_MAGENTA

OPS: Final = {
    "same": Words("  ", _PLAIN, "", "", "", "failed"),
    "create": Words("+ ", colour.GREEN, "create", "creating", "created", "creating failed"),
    "update": Words("~ ", colour.YELLOW, "update", "updating", "updated", "updating failed"),
    "delete": Words("- ", colour.RED, "delete", "deleting", "deleted", "deleting failed"),
    "replace": Words("+-", _REPLACE, "replace", "replacing", "replaced", "replacing failed"),
    "create-replacement": Words(
        "++",
        colour.BRIGHT_GREEN,
        "create replacement",
        "creating replacement",
        "created replacement",
        "creating failed",
    ),
    "delete-replaced": Words(
        "--",
        colour.BRIGHT_RED,
        "delete original",
        "deleting original",
        "deleted original",
        "deleting failed",
    ),
    "read": Words("> ", colour.BRIGHT_CYAN, "read", "reading", "read", "reading failed"),
    "read-replacement": Words(
        ">>",
        _REPLACE,
        "read for replacement",
        "reading for replacement",
        "read for replacement",
        "reading failed",
    ),
    "refresh": Words("~ ", colour.YELLOW, "refreshing", "refreshing", "refresh", "refreshing failed"),
    "discard": Words("< ", colour.RED, "discard", "discarding", "discarded", "discarding failed"),
    "discard-replaced": Words(
        "<<",
        colour.RED,
        "discard original",
        "discarding original",
        "discarded original",
        "discarding failed",
    ),
    "remove-pending-replace": Words("~ ", _PLAIN, "", "", "", ""),
    "import": Words("= ", colour.GREEN, "import", "importing", "imported", "importing failed"),
    "import-replacement": Words(
        "=>",
        _REPLACE,
        "import replacement",
        "importing replacement",
        "imported replacement",
        "importing failed",
    ),
}
"""In the order in which summaries count them."""

REPLACING: Final = frozenset(
    {"replace", "create-replacement", "delete-replaced", "read-replacement", "discard-replaced", "import-replacement"}
    | {"remove-pending-replace"}
)
"""The steps that a replacement is made of."""

_JOINED: Final = frozenset({"create-replacement", "delete-replaced", "discard-replaced"})
_OTHER: Final = Words("? ", _PLAIN, "change", "changing", "changed", "changing failed")


def words(op: str) -> Words:
    """The words of an op."""
    return OPS.get(op, _OTHER)


def joined(op: str) -> str:
    """The op under which a whole replacement is shown."""
    return "replace" if op in _JOINED else op


def counted(op: str, *, preview: bool) -> str:
    """How a summary says it."""
    return op if preview else {"refresh": "refreshed", "import-replacement": "imported"}.get(op, words(op).done)


def planned(op: str) -> str:
    """What a finished preview says about an op."""
    if op in REPLACING - {"import-replacement", "remove-pending-replace"}:
        return "replace"
    return {"refresh": "refresh", "import-replacement": "import"}.get(op, words(op).plan)
