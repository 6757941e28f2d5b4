"""How results look: tables and fact sheets for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

import click

_GOOD = {"running", "ready", "bound", "yes", "ok"}
_BAD = {"failed", "crashed", "down", "no", "missing"}
_FAIR = {"starting", "degraded", "stopping", "waiting", "stopped", "pending"}


def echo_json(value: Any) -> None:
    """Dataclasses, or lists of them, as indented JSON."""
    import json

    click.echo(json.dumps(_jsonable(value), indent=2, ensure_ascii=False, default=str))


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, none: str) -> None:
    """Aligned columns with a header; `none` is what to say when there are no rows."""
    if not rows:
        click.echo(none)
        return
    widths = [max(len(header), *(len(row[i]) for row in rows)) for i, header in enumerate(headers)]
    widths[-1] = 0
    click.echo(_line([click.style(h.ljust(w), bold=True) for h, w in zip(headers, widths, strict=True)]))
    for row in rows:
        click.echo(_line([_coloured(cell, cell.ljust(w)) for cell, w in zip(row, widths, strict=True)]))


def facts(pairs: Sequence[tuple[str, str]]) -> None:
    """Name and value, one a line; a value of several lines stays in its column; empty ones are left out."""
    width = max((len(name) for name, value in pairs if value), default=0) + 1
    for name, value in pairs:
        for number, line in enumerate(value.splitlines()):
            label = f"{name}:" if number == 0 else ""
            click.echo(f"{click.style(label.ljust(width), bold=True)}  {_coloured(line, line)}")


def done(text: str) -> None:
    """One line that says that it worked."""
    click.echo(f"{click.style('✓', fg='green')} {text}")


def seconds(amount: float) -> str:
    """`4.2s`, `3m 07s`."""
    if amount < 60:
        return f"{amount:.1f}s"
    return f"{int(amount // 60)}m {int(amount % 60):02d}s"


def size(quantity: str) -> str:
    """`256Mi` as people here write it: `256M`."""
    return quantity.removesuffix("i") if quantity[-2:-1].isalpha() else quantity


def _line(cells: Sequence[str]) -> str:
    return "   ".join(cells).rstrip()


def _coloured(word: str, shown: str) -> str:
    colour = "green" if word in _GOOD else "red" if word in _BAD else "yellow" if word in _FAIR else None
    return click.style(shown, fg=colour) if colour else shown


def _jsonable(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    return value
