"""Amounts as Kubernetes writes them: `1000m` and `1` are the same."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

QUANTITY_HOLDERS: Final = frozenset(
    {"averageValue", "capacity", "default", "defaultRequest", "divisor", "hard", "limits", "max", "min"}
    | {"overhead", "requests", "sizeLimit"}
)
"""Fields whose values, or whose entries' values, are amounts."""

_FORM: Final = re.compile(r"([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([numkMGTPE]|[KMGTPE]i)?")
_UNITS: Final = {
    "": Decimal(1),
    **{unit: Decimal(10) ** power for unit, power in zip("numkMGTPE", (-9, -6, -3, 3, 6, 9, 12, 15, 18), strict=True)},
    **{f"{unit}i": Decimal(1024) ** power for power, unit in enumerate("KMGTPE", 1)},
}


def same_quantity(old: Any, new: Any) -> bool:
    """Whether both are amounts, and equal ones."""
    amounts = [_amount(value) for value in (old, new)]
    return None not in amounts and amounts[0] == amounts[1]


def _amount(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    found = _FORM.fullmatch(str(value))
    if found is None or found[1].count(".") > 1 or found[1].strip("+-.") == "":
        return None
    return Decimal(found[1]) * _UNITS[found[2] or ""]
