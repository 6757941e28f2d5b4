"""Fixtures: one salt for all goldens, so that its key is derived once."""

from __future__ import annotations

import pytest

from engine.secrets import Passphrase
from tests.engine.golden.play import PASSPHRASE


@pytest.fixture(scope="session")
def salt() -> str:
    """The encryption salt of every stack."""
    return Passphrase.create(lambda: PASSPHRASE).salt
