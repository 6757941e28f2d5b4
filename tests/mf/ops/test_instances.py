"""Instances: what each pod is up to, and why it is not ready."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mf.ops import instances
from tests.mf import samples


def _status(*containers: dict[str, Any], phase: str = "Running", **rest) -> dict[str, Any]:
    return {"phase": phase, "containerStatuses": list(containers), **rest}


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        (_status(samples.container(running=True)), "running", ""),
        (_status(samples.container(waiting="CrashLoopBackOff", ended=1)), "crashed", "exit code 1"),
        (_status(samples.container(waiting="ImagePullBackOff")), "waiting", "ImagePullBackOff"),
        (_status(samples.container(waiting="ContainerCreating"), phase="Pending"), "starting", ""),
        (_status(samples.container(running=True, ended=137, restarts=1)), "running", "restarted after exit code 137"),
    ],
)
def test_state_and_reason(status: dict[str, Any], state: str, reason: str) -> None:
    found = instances.describe(samples.pod("web-1-abcde", status=status))
    assert (found.state, found.reason) == (state, reason)


def test_an_instance_killed_for_memory_says_so() -> None:
    container = samples.container(waiting="CrashLoopBackOff", ended=137)
    container["lastState"]["terminated"]["reason"] = "OOMKilled"
    assert instances.describe(samples.pod("web-1-abcde", status=_status(container))).reason == "out of memory (killed)"


def test_an_instance_without_a_node_says_what_the_scheduler_said() -> None:
    unmet = {"type": "PodScheduled", "status": "False", "message": "0/1 nodes: Insufficient memory"}
    found = instances.describe(samples.pod("web-1-abcde", status={"phase": "Pending", "conditions": [unmet]}))
    assert (found.state, found.reason) == ("starting", "0/1 nodes: Insufficient memory")


def test_an_instance_that_is_being_removed_is_stopping() -> None:
    pod = samples.pod("web-1-abcde")
    pod["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert instances.describe(pod).state == "stopping"


def test_the_id_is_the_tail_of_the_pod_name() -> None:
    assert instances.describe(samples.pod("web-6d5f9c-x7k2p")).id == "x7k2p"


@pytest.mark.parametrize(
    ("stamp", "told"),
    [
        ("2026-01-10T11:59:18Z", "42s"),
        ("2026-01-10T11:58:30Z", "90s"),
        ("2026-01-10T11:55:00Z", "5m"),
        ("2026-01-10T09:00:00Z", "3h"),
        ("2026-01-08T11:00:00Z", "2d"),
        ("", ""),
    ],
)
def test_age_is_told_in_the_largest_unit_that_says_enough(stamp: str, told: str) -> None:
    assert instances.age(stamp, now=datetime(2026, 1, 10, 12, tzinfo=UTC)) == told
