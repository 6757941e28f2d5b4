"""Amounts of cpu: what people write (`0.5`), as Kubernetes writes it (`500m`)."""

from __future__ import annotations

import re

from mf.errors import UsageError

_MILLI = re.compile(r"[1-9]\d*m")
_CORES = re.compile(r"\d+(\.\d{1,3})?")


def cpu_quantity(text: str) -> str:
    """`0.5` and `500m` are both half a core."""
    value = text.strip()
    if _MILLI.fullmatch(value):
        return value
    if _CORES.fullmatch(value) and float(value) > 0:
        return f"{round(float(value) * 1000)}m"
    raise UsageError(f"'{text}' is no amount of cpu; write it as 0.5 or 500m")
