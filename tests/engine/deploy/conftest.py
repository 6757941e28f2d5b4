"""Fixtures: a pretended cloud, and a stage to run programs on."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine.providers
from tests.engine.deploy.cloud import Cloud, CloudProvider
from tests.engine.deploy.stage import Stage


@pytest.fixture
def cloud() -> Cloud:
    """A pretended cloud that the package `cloud` works on."""
    made = Cloud()
    engine.providers.register("cloud", lambda host: CloudProvider(made, host))
    return made


@pytest.fixture
def stage(cloud: Cloud, tmp_path: Path) -> Stage:
    """An empty stack."""
    return Stage(cloud=cloud, directory=tmp_path)
