"""Amounts of cpu as people write them."""

from __future__ import annotations

import pytest

from mf.errors import UsageError
from mf.ops.quantity import cpu_quantity


@pytest.mark.parametrize(("written", "meant"), [("0.5", "500m"), ("2", "2000m"), ("250m", "250m"), ("0.001", "1m")])
def test_cores_and_thousandths_mean_the_same(written: str, meant: str) -> None:
    assert cpu_quantity(written) == meant


@pytest.mark.parametrize("written", ["0", "-1", "half", "1.2345", "0m", ""])
def test_what_is_no_amount_is_refused_by_name(written: str) -> None:
    with pytest.raises(UsageError, match="is no amount of cpu"):
        cpu_quantity(written)
