"""One property of a resource type: where Keycloak keeps it, how it is written there, and what a change of it means.

A type's properties are a table, one line each: `name @place words… :choice|choice = default`. A place is a path of JSON
keys separated by `/`; without one it is the property's own name, `@-` is nowhere, and `@.` beneath an object means that
its parts lie beside the object's own siblings. Lines indented below an object are its parts. Words are a type (str is
not written), a spelling (`providers.keycloak.spelling`), and marks:

    required  must be given           new     a change needs a new resource
    computed  Keycloak decides if not given; then no difference
    output    never an input          kept    as computed, but empty when Keycloak says nothing
    A later line of the same name takes the place of an earlier one; in choices ~ is a blank.

    sent      never told back, so that state keeps what was sent        once    matters at creation only
    secret    hidden in what functions return                           wo      sent, and not even kept in state
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

TYPES = frozenset({"int", "bool", "list", "set", "map", "extra", "object", "objects", "objectset"})
SPELLINGS = frozenset(
    {"quoted", "hash", "comma", "texts", "multi", "duration", "millis", "lower", "one", "ones", "jsons"}
)
MARKS = frozenset({"required", "new", "computed", "output", "kept", "sent", "once", "secret", "wo"})
_ZEROS: dict[str, Any] = {"int": 0, "bool": False, "list": [], "set": [], "map": {}, "extra": {}, "objects": []}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One line of a table."""

    name: str
    place: tuple[str, ...]
    type: str = "str"
    words: frozenset[str] = frozenset()
    choices: tuple[str, ...] = ()
    default: Any = None
    fields: tuple[Field, ...] = ()

    def has(self, *words: str) -> bool:
        """Whether any of the words stands in the line."""
        return not self.words.isdisjoint(words)

    @property
    def nested(self) -> bool:
        """Whether its value has parts of its own."""
        return self.type in ("object", "objects", "objectset")

    @property
    def inline(self) -> bool:
        """Whether its parts lie beside its siblings."""
        return self.place == (".",)

    @property
    def zero(self) -> Any:
        """What it is when Keycloak says nothing of it."""
        if self.type == "object":
            return None
        return _ZEROS.get(self.type, [] if self.type == "objectset" else "")


@cache
def table(text: str, prefix: str = "", spelling: str = "") -> tuple[Field, ...]:
    """The properties that a table tells; `spelling` applies to all that lie beneath the place `prefix`."""
    lines = [line for line in text.splitlines() if line.strip()]
    fields, rest = _block(lines, _depth(lines[0]) if lines else 0)
    if rest:
        raise ValueError(f"the line '{rest[0].strip()}' is indented less than the first one")
    latest = {field.name: field for field in fields}
    return tuple(_spelled(field, prefix, spelling) for field in latest.values())


def leaves(fields: tuple[Field, ...]) -> Iterator[Field]:
    """The fields with the parts of those whose parts lie beside them."""
    for field in fields:
        if field.inline:
            yield from leaves(field.fields)
        else:
            yield field


def _spelled(field: Field, prefix: str, spelling: str) -> Field:
    if not spelling or field.place[:1] != (prefix,) or field.has("ones"):
        return field
    return Field(**{**_items(field), "words": field.words | {spelling}})


def _items(field: Field) -> dict[str, Any]:
    return {name: getattr(field, name) for name in Field.__slots__}


def _block(lines: list[str], depth: int) -> tuple[list[Field], list[str]]:
    found: list[Field] = []
    while lines and _depth(lines[0]) == depth:
        head, lines = lines[0], lines[1:]
        parts: list[Field] = []
        if lines and _depth(lines[0]) > depth:
            parts, lines = _block(lines, _depth(lines[0]))
        found.append(_line(head.strip(), tuple(parts)))
    return found, lines


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _line(line: str, parts: tuple[Field, ...]) -> Field:
    left, equals, default = line.partition(" = ")
    name, *words = left.split()
    place: tuple[str, ...] = (name,)
    marks: set[str] = set()
    choices: tuple[str, ...] = ()
    type_ = "str"
    for word in words:
        if word.startswith("@"):
            place = () if word == "@-" else tuple(word[1:].split("/"))
        elif word.startswith(":"):
            choices = tuple(word[1:].replace("~", " ").split("|"))
        elif word in TYPES:
            type_ = word
        elif word in SPELLINGS or word in MARKS:
            marks.add(word)
        else:
            raise ValueError(f"'{word}' of the property {name} is no word of a table")
    return Field(
        name=name,
        place=place,
        type=type_,
        words=frozenset(marks),
        choices=choices,
        default=json.loads(default) if equals else None,
        fields=parts,
    )
