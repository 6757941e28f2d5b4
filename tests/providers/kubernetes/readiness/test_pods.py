"""What is wrong with pods, read from their status."""

from __future__ import annotations

from typing import Any

import pytest

from providers.kubernetes.readiness.pods import selector_text, summary, troubles


def _pod(
    state: dict[str, Any], *, restarts: int = 0, last: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    container = {
        "name": "main",
        "image": "reg/app:1",
        "state": state,
        "restartCount": restarts,
        "lastState": last or {},
    }
    return {"metadata": {"name": "web-1"}, "spec": more, "status": {"containerStatuses": [container]}}


def _waiting(reason: str, message: str = "") -> dict[str, Any]:
    return {"waiting": {"reason": reason, "message": message}}


PULL = 'failed to pull and unpack image "reg/app:1": failed to resolve reference "reg/app:1": '
DIED = {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}


@pytest.mark.parametrize(
    ("pod", "text", "at_once"),
    [
        (_pod(_waiting("ErrImagePull", PULL + "reg/app:1: not found")), "cannot be pulled: not found", True),
        (
            _pod(
                _waiting(
                    "ImagePullBackOff",
                    'Back-off pulling image "reg/app:1": ErrImagePull: ' + PULL + "dial tcp: refused",
                )
            ),
            "cannot be pulled: dial tcp: refused",
            False,
        ),
        (_pod(_waiting("ImagePullBackOff", 'Back-off pulling image "reg/app:1"')), "no reason given", False),
        (_pod(_waiting("InvalidImageName", "bad name")), "bad name", True),
        (_pod(_waiting("CreateContainerConfigError", 'secret "s" not found')), 'cannot be started: secret "s"', False),
        (_pod({"terminated": {"exitCode": 3}}), "crashed (exit code 3)", False),
        (
            _pod(_waiting("CrashLoopBackOff"), restarts=1, last=DIED),
            "crashed 2 times (exit code 137, OOMKilled)",
            False,
        ),
        (_pod(_waiting("CrashLoopBackOff"), restarts=2, last=DIED), "crashed 3 times", True),
        (_pod({"terminated": {"exitCode": 0}}, restarts=4), "crashed 5 times (exit code 0)", True),
    ],
)
def test_troubles_name_pod_container_and_cause(pod: dict[str, Any], text: str, at_once: bool) -> None:
    [found] = troubles([pod])
    assert str(found).startswith("pod web-1, container main: ") and text in str(found)
    assert (found.grace <= 3) is at_once


@pytest.mark.parametrize(
    "pod",
    [
        _pod({"running": {}}),
        _pod({"running": {}}, restarts=1, last=DIED),
        _pod(_waiting("ContainerCreating")),
        _pod({"terminated": {"exitCode": 0}}, restartPolicy="Never"),
    ],
)
def test_what_may_still_come_right_is_no_trouble(pod: dict[str, Any]) -> None:
    assert troubles([pod]) == []


def test_a_pod_that_fits_nowhere_says_why() -> None:
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes: memory"}
    [found] = troubles([{"metadata": {"name": "web-1"}, "status": {"conditions": [condition]}}])
    assert str(found) == "pod web-1: no node can take it: 0/1 nodes: memory"


def test_pods_that_are_going_anyway_are_no_trouble() -> None:
    pod = _pod(_waiting("InvalidImageName"))
    pod["metadata"]["deletionTimestamp"] = "now"
    assert troubles([pod]) == [] and summary([pod]) == ""


def test_selectors_are_written_as_the_api_reads_them() -> None:
    expressions = [
        {"key": "a", "operator": "In", "values": ["1", "2"]},
        {"key": "b", "operator": "NotIn", "values": ["3"]},
        {"key": "c", "operator": "Exists"},
        {"key": "d", "operator": "DoesNotExist"},
    ]
    text = selector_text({"matchLabels": {"app": "web"}, "matchExpressions": expressions})
    assert text == "app=web,a in (1,2),b notin (3),c,!d"
