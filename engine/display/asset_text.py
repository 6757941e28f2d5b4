"""Files and folders as values: by a short hash and where they are, never by their contents alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.display.text_diff import write as write_text
from engine.values import Archive, Asset, Value

if TYPE_CHECKING:
    from engine.display.printer import Printer, Title


def write(printer: Printer, value: Asset | Archive) -> None:
    """One asset or archive."""
    kind = "asset" if isinstance(value, Asset) else "archive"
    if isinstance(value, Asset) and value.text is not None:
        printer.write(f"asset(text:{value.hash[:7]}) {{\n")
        for line in value.text.split("\n"):
            printer.begin(f"    {line}\n", marked=False)
        printer.begin("}", marked=False)
    elif isinstance(value, Archive) and value.assets is not None:
        printer.write(f"archive(assets:{value.hash[:7]}) {{\n")
        for name, item in sorted(value.assets.items()):
            printer.begin(f'    "{name}": ')
            printer.inside().value(item)
        printer.begin("}", marked=False)
    else:
        source = "file" if value.path is not None else "uri" if value.uri is not None else "unknown"
        place = f" {value.path or value.uri} " if value.path is not None or value.uri is not None else " "
        printer.write(f"{kind}({source}:{value.hash[:7]}) {{{place}}}")


def write_change(printer: Printer, sides: tuple[Value, Value], title: Title) -> bool:
    """An asset or archive that changed; False where the two sides are not of one kind."""
    old, new = sides
    if isinstance(old, Archive) and isinstance(new, Archive) and old.assets is not None and new.assets is not None:
        title(printer)
        printer.write(f"archive(assets:{_arrow(old.hash[:7], new.hash[:7])}) {{\n")
        _members(printer.inside(), old, new)
        printer.begin("}\n", marked=False)
        return True
    if not isinstance(old, Asset | Archive) or type(old) is not type(new):
        return False
    return _write_same_kind(printer, (old, new), title)


def _write_same_kind(printer: Printer, sides: tuple[Asset | Archive, Asset | Archive], title: Title) -> bool:
    old, new = sides
    hashes = _arrow(old.hash[:7], new.hash[:7])
    kind = "asset" if isinstance(old, Asset) else "archive"
    for source, before, after in (("file", old.path, new.path), ("uri", old.uri, new.uri)):
        if before is not None and after is not None:
            title(printer)
            printer.write(f"{kind}({source}:{hashes}) {{ {_arrow(before, after)} }}\n")
            return True
    if isinstance(old, Asset) and isinstance(new, Asset) and old.text is not None and new.text is not None:
        title(printer)
        printer.write(f"asset(text:{hashes}) {{")
        write_text(printer.inside(), old.text, new.text)
        printer.begin("}\n", marked=False)
        return True
    return False


def _members(printer: Printer, old: Archive, new: Archive) -> None:
    before, after = old.assets or {}, new.assets or {}
    names = sorted({*before, *after})
    width = max((len(name) + 2 for name in names), default=0)
    for name in names:
        title = printer.title(f'"{name}"', width)
        if name not in after:
            printer.inside().gone(before[name], title)
        elif name not in before:
            printer.inside().added(after[name], title)
        elif before[name].hash != after[name].hash and not write_change(printer, (before[name], after[name]), title):
            printer.gone(before[name], title)
            printer.added(after[name], title)


def _arrow(old: str, new: str) -> str:
    return old if old == new else f"{old}->{new}"
