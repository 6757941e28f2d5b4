"""Ranges of versions mean what Pulumi's own parser makes of them."""

from __future__ import annotations

import pytest

from engine.errors import UsageError
from engine.version_range import require


@pytest.mark.parametrize(
    "range",
    [
        "",
        "3.2.1",
        "=3.2.1",
        "==v3.2.1",
        ">=3.0.0",
        "> 3.2.0",
        "<4.0.0",
        "<=3.2.1",
        "!3.2.0",
        "!=4.0.0",
        "3.x",
        "3.2.*",
        "*",
        ">=3.x",
        ">2.x",
        "<4.x",
        "<=3.x",
        "!2.x",
        ">=3.0.0 <4.0.0",
        "<2.0.0 || >3.0.0",
        ">=3.0.0 !3.1.0 || 1.x",
    ],
)
def test_version_is_within(range: str) -> None:
    require(range, "v3.2.1")


@pytest.mark.parametrize(
    "range",
    [
        "3.2.2",
        ">3.2.1",
        "<3.2.1",
        ">=3.2.2",
        "!3.2.1",
        "!=3.x",
        "2.x",
        ">3.x",
        "<3.x",
        ">=3.0.0 <3.2.0",
        "<3.0.0 || >=4.0.0",
        "3.2.1-beta",
    ],
)
def test_version_is_outside(range: str) -> None:
    with pytest.raises(UsageError, match=r"Pulumi CLI version 3\.2\.1 does not satisfy the version range"):
        require(range, "v3.2.1")


@pytest.mark.parametrize("range", ["newest", ">=", "3.2.1.0", ">=3.0.0 and more", "||"])
def test_text_that_is_no_range_is_shown(range: str) -> None:
    with pytest.raises(UsageError, match="parsing CLI version range"):
        require(range, "v3.2.1")
