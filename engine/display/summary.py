"""The last block: how many resources were (or would be) changed in which way, and how long it took."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from engine.display import colour
from engine.display.words import OPS, counted, words

_UNCOUNTED: Final = ("same", "read", "read-replacement", "discard")


def summary_text(body: Mapping[str, Any], *, errored: int = 0) -> str:
    """The text of a summary event."""
    changes: Mapping[str, int] = body["resourceChanges"]
    preview = bool(body["isPreview"])
    lines = [colour.headline("Resources:")]
    kinds = [op for op in (*OPS, *sorted(changes.keys() - OPS.keys())) if op not in _UNCOUNTED and changes.get(op)]
    for op in kinds:
        to = "to " if preview else ""
        lines.append(f"    {words(op).prefix()}{changes[op]} {to}{counted(op, preview=preview)}{colour.RESET}")
    total = sum(changes[op] for op in kinds)
    pieces = [f"{colour.BOLD}{total} changes{colour.RESET}"] if len(kinds) > 1 else []
    pieces += [f"{changes['same']} unchanged"] if changes.get("same") else []
    if pieces:
        lines.append("    " + ". ".join(pieces))
    if errored:
        lines.append(f"    {colour.RED}{errored} errored{colour.RESET}")
    if not preview:
        lines += ["", f"{colour.headline('Duration:')} {duration(float(body['durationSeconds']))}"]
    return "".join(f"{line}\n" for line in lines)


def duration(seconds: float) -> str:
    """`45s`, `1m5s`, `1h0m5s`, in seconds begun."""
    whole = max(math.ceil(seconds), 1)
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours}h{minutes}m{whole % 60}s"
    return f"{minutes}m{whole % 60}s" if minutes else f"{whole}s"
