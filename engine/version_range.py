"""Ranges of versions, as projects and programs state which Pulumi they need: `>=3.1.0 !3.1.2 || 2.x`."""

from __future__ import annotations

import re
from typing import Final

from engine.errors import UsageError
from engine.plugins.version import Version, parse_version

_TERM: Final = re.compile(
    r"(<=|>=|==|!=|=|!|<|>)?\s*v?([0-9]+(?:\.(?:[0-9]+|[xX*])){0,2}(?:[-+][0-9A-Za-z.+-]*)?|[xX*])(?:\s+|$)"
)


def require(range: str, version: str) -> None:
    """UsageError, in Pulumi's words, when a version is not within a range."""
    own = parse_version(version)
    assert own is not None
    if range and not any(_all_hold(part.strip(), own, range) for part in range.split("||")):
        raise UsageError(f'Pulumi CLI version {version.removeprefix("v")} does not satisfy the version range "{range}"')


def _all_hold(part: str, own: Version, range: str) -> bool:
    position, holds = 0, True
    while position < len(part) or not part:
        term = _TERM.match(part, position)
        if term is None:
            raise UsageError(
                f'parsing CLI version range "{range}": "{part[position:]}" is no condition',
                hint="write it like >=3.1.0 !3.1.2 || 2.x",
            )
        holds = holds and _holds(term[1] or "=", *_bounds(term[2]), own)
        position = term.end()
    return holds


def _holds(sign: str, low: Version, high: Version | None, own: Version) -> bool:
    """Whether a version stands so to all those from `low` to just below `high` (None: to `low` alone)."""
    within = own == low if high is None else low <= own < high
    above = own > low if high is None else own >= high
    return {
        "<": own < low,
        "<=": own < low or within,
        ">": above,
        ">=": above or within,
        "!": not within,
        "!=": not within,
    }.get(sign, within)


def _bounds(text: str) -> tuple[Version, Version | None]:
    if text in ("x", "X", "*"):
        return Version((0, 0, 0)), Version((2**63, 0, 0))
    numbers = re.split(r"[-+]", text, maxsplit=1)[0].split(".")
    known = [int(one) for one in numbers if one.isdecimal()]
    if len(known) == len(numbers) == 3:
        exact = parse_version(text)
        assert exact is not None
        return exact, None
    low = [*known, 0, 0, 0][:3]
    high = [*known[:-1], known[-1] + 1, 0, 0, 0][:3]
    return Version((low[0], low[1], low[2])), Version((high[0], high[1], high[2]))
