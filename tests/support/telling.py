"""For tests (support file): a line that is seen in every run, whether tests pass or not."""

from __future__ import annotations

import pytest


def say(request: pytest.FixtureRequest, text: str) -> None:
    """Print past the capturing of output."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n{text}", flush=True)
