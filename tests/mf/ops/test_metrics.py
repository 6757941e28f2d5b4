"""Traffic from the gateway's log: right numbers, and honesty about what is not in the log."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mf.ops import metrics
from tests.mf import samples

START = datetime(2026, 1, 1, tzinfo=UTC)


def line(host: str = "web.dev.apps.localhost", *, code: int = 200, ms: float = 10, after: float = 0) -> str:
    at = (START + timedelta(seconds=after)).isoformat().replace("+00:00", "Z")
    return json.dumps({"@timestamp": at, "authority": host, "path": "/", "response_code": code, "duration": ms})


def gateway_pod(name: str = "envoy-1") -> dict[str, Any]:
    pod = samples.pod(name, status={"containerStatuses": [{"name": "envoy", "state": {"running": {}}}]})
    pod["metadata"]["namespace"] = "microfoundry-system"
    pod["metadata"]["labels"] = {"microfoundry.dev/component": "gateway"}
    return pod


def test_rate_errors_and_percentiles_of_the_apps_own_hosts() -> None:
    session = samples.session_with(gateway_pod())
    mine = [line(ms=ms) for ms in range(1, 100)] + [line("WEB.dev.apps.localhost:8080", code=503, ms=1000)]
    samples.kube_of(session).log_lines["envoy-1"] = [*mine, line("other.dev.apps.localhost"), "starting up"]
    found = metrics.traffic(session, ["web.dev.apps.localhost"])
    assert (found.requests, found.errors, found.error_percent) == (100, 1, 1.0)
    assert found.rate == pytest.approx(100 / 300)
    assert (found.p50_ms, found.p95_ms) == (50, 95)
    assert found.source == "gateway request log, last 5 min"
    assert found.note == ""


def test_all_gateway_pods_count() -> None:
    session = samples.session_with(gateway_pod("envoy-1"), gateway_pod("envoy-2"))
    for pod in ("envoy-1", "envoy-2"):
        samples.kube_of(session).log_lines[pod] = [line()]
    assert metrics.traffic(session, ["web.dev.apps.localhost"]).requests == 2


def test_a_log_cut_short_gives_the_window_that_it_really_covers() -> None:
    lines = [line(after=n / 10) for n in range(100)]
    reading = metrics.reading(lines, ["web.dev.apps.localhost"], 300, most=100)
    assert reading.cut
    assert reading.reach == pytest.approx(9.9)


def test_the_person_is_told_that_the_window_is_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "MOST_LINES", 100)
    session = samples.session_with(gateway_pod())
    samples.kube_of(session).log_lines["envoy-1"] = [line(after=n) for n in range(101)]
    found = metrics.traffic(session, ["web.dev.apps.localhost"])
    assert found.window == pytest.approx(99)
    assert found.source == "gateway request log, last 99s"
    assert "reaches back 99s only" in found.note


@pytest.mark.parametrize("text", ["", "plain text", "{", '{"authority": "x"}', '{"authority":1,"duration":"-"}'])
def test_lines_that_are_no_requests_are_passed_over(text: str) -> None:
    assert metrics.parse(text) is None


def test_without_a_gateway_it_says_so_and_does_not_fail() -> None:
    found = metrics.traffic(samples.session_with(), ["web.dev.apps.localhost"])
    assert (found.requests, found.p50_ms, found.note) == (0, None, "no gateway is running")


def test_percentiles_are_values_that_occurred() -> None:
    assert metrics.percentile([1.0], 95) == 1.0
    assert metrics.percentile([1.0, 2.0], 50) == 1.0
    assert metrics.percentile([], 50) is None
