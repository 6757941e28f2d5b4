"""What `mf app` says of an app's traffic is what was really sent to it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Platform, until

pytestmark = pytest.mark.e2e

GOOD, MISSING, BROKEN, SLOW = 120, 20, 10, 50
SLOW_MS = 60
ALL = GOOD + MISSING + BROKEN + SLOW


@pytest.fixture(scope="module")
def traffic(platform: Platform, teller: Path) -> dict[str, Any]:
    """What is told of an app that had a known number of requests, a quarter of them slow."""
    platform.mf("push", "web", "-p", str(teller))
    before = told(platform)["requests"]
    for path, count in (("/ok", GOOD), ("/status/404", MISSING), ("/status/500", BROKEN), (f"/sleep/{SLOW_MS}", SLOW)):
        for _ in range(count):
            platform.get("web", path)
    sent = time.monotonic()
    until(lambda: told(platform)["requests"] >= before + 0.98 * ALL, seconds=25)
    return {**told(platform), "before": before, "late": time.monotonic() - sent}


def told(platform: Platform) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(platform.mf("app", "web", "--json").out)["traffic"]
    return found


def test_every_request_is_counted_once(traffic: dict[str, Any]) -> None:
    # The push itself asks a few times whether the app answers.
    assert abs(traffic["requests"] - ALL) <= max(0.02 * ALL, 5)


def test_only_the_servers_own_failures_are_errors(traffic: dict[str, Any]) -> None:
    assert traffic["errors"] == BROKEN
    assert traffic["error_percent"] == pytest.approx(100 * BROKEN / traffic["requests"])


def test_rate_is_requests_by_the_span_that_is_named(traffic: dict[str, Any]) -> None:
    assert traffic["window"] == 300
    assert traffic["rate"] == pytest.approx(traffic["requests"] / 300)


def test_percentiles_tell_the_many_from_the_slow(traffic: dict[str, Any]) -> None:
    assert 0 < traffic["p50_ms"] < SLOW_MS
    assert SLOW_MS <= traffic["p95_ms"] < 20 * SLOW_MS


def test_the_source_is_named(platform: Platform, traffic: dict[str, Any]) -> None:
    assert traffic["source"] == "gateway request log, last 5 min"
    shown = platform.mf("app", "web").out
    assert "source: gateway request log, last 5 min" in shown
    assert f"({BROKEN} of " in shown


def test_numbers_are_fresh(traffic: dict[str, Any]) -> None:
    assert traffic["late"] < 5


def test_an_app_is_not_charged_with_its_neighbours_requests(platform: Platform, traffic: dict[str, Any]) -> None:
    image = json.loads(platform.mf("app", "web", "--json").out)["image"]
    platform.mf("push", "quiet", "--image", image)
    assert json.loads(platform.mf("app", "quiet", "--json").out)["traffic"]["requests"] <= 5
