"""Events of an app's own objects, oldest first."""

from __future__ import annotations

from typing import Any

import pytest

from mf.ops import events
from tests.mf import samples


def _event(kind: str, name: str, *, time: str = "2026-01-01T00:00:00Z", **rest) -> dict[str, Any]:
    made = samples._object("v1", "Event", f"{name}.{time}")
    return {**made, "involvedObject": {"kind": kind, "name": name}, "lastTimestamp": time, "reason": "R", **rest}


@pytest.mark.parametrize(
    ("kind", "name", "mine"),
    [
        ("Deployment", "web", True),
        ("ReplicaSet", "web-6d5f9c", True),
        ("Pod", "web-6d5f9c-x7k2p", True),
        ("HTTPRoute", "web-0a1b2c3d", True),
        ("Pod", "web-admin-6d5f9c-x7k2p", False),
        ("ReplicaSet", "web-admin-6d5f9c", False),
        ("Deployment", "webshop", False),
    ],
)
def test_an_app_is_not_taken_for_another_whose_name_begins_alike(kind: str, name: str, mine: bool) -> None:
    assert events.belongs(_event(kind, name), "web") is mine


def test_events_come_oldest_first_and_only_of_the_app() -> None:
    session = samples.session_with(
        samples.app("web"),
        _event("Pod", "web-1-b", time="2026-01-01T00:00:02Z", message="second"),
        _event("Deployment", "web", time="2026-01-01T00:00:01Z", message="first"),
        _event("Deployment", "api", time="2026-01-01T00:00:00Z"),
    )
    assert [event.message for event in events.list_events(session, "web")] == ["first", "second"]
    assert len(events.list_events(session)) == 3


def test_an_event_of_the_newer_kind_has_its_time_and_count_in_its_series() -> None:
    series = {"count": 4, "lastObservedTime": "2026-01-01T00:00:09Z"}
    found = events.describe({**_event("Pod", "web-1-b"), "lastTimestamp": None, "series": series})
    assert (found.time, found.count) == ("2026-01-01T00:00:09Z", 4)
