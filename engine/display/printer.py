"""Prints property values and their differences, indented, each line with its mark."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from engine.display import asset_text, colour, text_diff
from engine.display.difference import Change, Differences, between, is_internal
from engine.display.structured_text import decoded
from engine.display.words import words
from engine.values import UNKNOWN, Archive, Asset, OutputValue, ResourceRef, Secret, Value

_LINES: Final = 3
_LENGTH: Final = 150

Title: TypeAlias = Callable[["Printer"], None]
"""Writes what stands before a value."""


@dataclass(slots=True, kw_only=True)
class Printer:
    """Writes into `parts`; made anew with another op or depth for what is inside."""

    parts: list[str]
    indent: int = 1
    op: str = "same"
    prefix: bool = False
    """Whether lines begin with the op's mark."""

    planning: bool = False
    summary: bool = False
    """Whether what stays the same is left out."""

    shorten: bool = True
    secrets: bool = False

    def text(self) -> str:
        """All that was written."""
        return "".join(self.parts)

    def inside(self, depth: int = 1) -> Printer:
        """The same, deeper."""
        return replace(self, indent=self.indent + depth)

    def as_(self, op: str, *, prefix: bool | None = None) -> Printer:
        """The same with another op."""
        return replace(self, op=op, prefix=self.prefix if prefix is None else prefix)

    def write(self, text: str) -> None:
        """Text in the op's colour."""
        self.parts.append(colour.coloured(text, words(self.op).colour))

    def begin(self, text: str, *, marked: bool = True) -> None:
        """Text after the indentation, which ends in the op's mark where lines are marked."""
        margin = "    " * self.indent
        if marked and self.prefix:
            margin = margin[:-2] + words(self.op).mark
        self.parts.append(colour.coloured(margin + text, words(self.op).colour))

    def title(self, name: str, width: int) -> Title:
        """A key, padded so that values stand below each other."""
        return lambda printer: printer.begin(f"{name:<{width}}: ")

    def map(self, props: Mapping[str, Value]) -> None:
        """Every property of a map."""
        keys = sorted(props)
        width = max((len(key) for key in keys), default=0)
        for key in keys:
            if not is_internal(key):
                self.title(key, width)(self)
                self.value(props[key])

    def value(self, value: Value) -> None:
        """A value and the end of its line."""
        self._value(value)
        self.write("\n")

    def _value(self, value: Value) -> None:
        if isinstance(value, Secret | OutputValue) and self._is_open(value):
            self._value(value.value)
        elif isinstance(value, list | tuple):
            self._list(value)
        elif isinstance(value, Asset | Archive):
            asset_text.write(self, value)
        elif isinstance(value, ResourceRef):
            self._reference(value)
        elif isinstance(value, Mapping):
            self._block("{", "}", lambda: self.inside().map(value), empty=not value)
        else:
            self._scalar(value)

    def _is_open(self, value: Secret | OutputValue) -> bool:
        """Whether what is inside may be shown, and is known."""
        hidden = isinstance(value, Secret) or value.secret
        return value.value is not UNKNOWN and (self.secrets or not hidden)

    def _list(self, items: Sequence[Value]) -> None:
        def each() -> None:
            for index, item in enumerate(items):
                self.begin(f"    [{index}]: ")
                self.inside().value(item)

        self._block("[", "]", each, empty=not items)

    def _block(self, opening: str, closing: str, body: Callable[[], None], *, empty: bool) -> None:
        if empty:
            self.write(opening + closing)
            return
        self.write(opening + "\n")
        body()
        self.begin(closing, marked=False)

    def _reference(self, value: ResourceRef) -> None:
        def each() -> None:
            inner = self.inside()
            known = {"URN": value.urn, "ID": value.id, "PackageVersion": value.package_version}
            for name, item in known.items():
                inner.title(name, 3)(inner)
                inner.value(item)

        self._block("{", "}", each, empty=False)

    def _scalar(self, value: Value) -> None:
        if isinstance(value, str):
            found = decoded(value)
            if found is not None:
                self.write(f"({found.kind}) ")
                self._value(found.value)
                return
        self.write(scalar(value, shorten=self.shorten))

    def differences(self, found: Differences[str], only: Iterable[str] | None = None) -> None:
        """What differs in a map; of the keys in `only` alone where that is given."""
        wanted = None if only is None else set(only)
        keys = [key for key in found.names() if wanted is None or key in wanted]
        width = max((len(key) for key in keys), default=0)
        for key in keys:
            self.difference(found, key, width)

    def difference(self, found: Differences[str], key: str, width: int) -> None:
        """One property of a map."""
        title = self.title(key, width)
        if key in found.adds:
            self._whole("create", found.adds[key], title)
        elif key in found.deletes:
            self._whole("delete", found.deletes[key], title)
        elif key in found.updates:
            self.change(found.updates[key], title)
        elif not self.summary and is_telling(found.sames[key], outputs=self.planning):
            plain = self.as_("same", prefix=False)
            title(plain)
            plain.value(found.sames[key])

    def change(self, change: Change, title: Title) -> None:
        """A value that changed."""
        own = self.as_("update", prefix=True)
        if self.secrets and (isinstance(change.old, Secret) or isinstance(change.new, Secret)):
            opened = between(_open(change.old), _open(change.new))
            if opened is not None:
                own.change(opened, title)
                return
        if change.items is not None:
            own._items(change.items, title)
        elif change.members is not None:
            title(own)
            own.write("{\n")
            own.inside().differences(change.members)
            own.begin("}\n", marked=False)
        else:
            own._replaced(change, title)

    def _items(self, items: Differences[int], title: Title) -> None:
        title(self)
        self.write("[\n")
        for index in items.names():
            inner = self.inside(2)
            heading = _index(index)
            if index in items.adds:
                inner._whole("create", items.adds[index], heading)
            elif index in items.deletes:
                inner._whole("delete", items.deletes[index], heading)
            elif index in items.updates:
                inner.change(items.updates[index], heading)
            elif not self.summary:
                plain = inner.as_("same", prefix=False)
                heading(plain)
                plain.value(items.sames[index])
        self.begin("]\n", marked=False)

    def _replaced(self, change: Change, title: Title) -> None:
        old, new = change.old, change.new
        telling = is_telling(old), is_telling(new)
        if all(telling) and asset_text.write_change(self, (old, new), title):
            return
        if all(telling) and _is_scalar(old) and _is_scalar(new):
            title(self)
            if isinstance(old, str) and isinstance(new, str):
                text_diff.write(self, old, new)
                return
            self.as_("delete").write(scalar(old, shorten=self.shorten))
            self.write(" => ")
            self.as_("create").write(scalar(new, shorten=self.shorten) + "\n")
            return
        if telling[0]:
            self._whole("delete", old, title)
        if telling[1]:
            self._whole("create", new, title)

    def _whole(self, op: str, value: Value, title: Title) -> None:
        own = self.as_(op, prefix=True)
        title(own)
        own.value(value)

    def gone(self, value: Value, title: Title) -> None:
        """A value that is no more."""
        self._whole("delete", value, title)

    def added(self, value: Value, title: Title) -> None:
        """A value that is new."""
        self._whole("create", value, title)


def _index(index: int) -> Title:
    return lambda printer: printer.inside(-1).begin(f"[{index}]: ")


def scalar(value: Any, *, shorten: bool) -> str:
    """The text of a value that has nothing inside."""
    if value is None:
        return "<null>"
    if value is UNKNOWN or isinstance(value, OutputValue):
        return "[secret]" if value is not UNKNOWN and value.secret else "[unknown]"
    if isinstance(value, Secret):
        return "[secret]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        return str(value)
    return json.dumps(shortened(value) if shorten else value, ensure_ascii=False)


def shortened(text: str) -> str:
    """Three lines of at most 150 characters."""
    lines = [line if len(line) <= _LENGTH else f"{line[:_LENGTH]}..." for line in text.split("\n")[:_LINES]]
    return "\n".join([*lines, "..."] if text.count("\n") >= _LINES else lines)


def is_telling(value: Value, *, outputs: bool = False) -> bool:
    """Whether a value is worth a line: nulls, empty texts, lists and maps are not."""
    if isinstance(value, OutputValue):
        return outputs
    return not (value is None or (isinstance(value, str | list | tuple | Mapping) and not value))


def _open(value: Value) -> Value:
    return value.value if isinstance(value, Secret) else value


def _is_scalar(value: Value) -> bool:
    return not isinstance(value, list | tuple | Mapping | Asset | Archive | ResourceRef)
