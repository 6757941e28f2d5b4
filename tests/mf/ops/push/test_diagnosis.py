"""Why a new version does not come up, told from what Kubernetes shows of it."""

from __future__ import annotations

from typing import Any

import pytest

from mf.ops.push import diagnosis, sockets
from mf.ops.push.diagnosis import judge
from tests.mf import samples

SPEC = samples.spec(memory="64Mi", image="127.0.0.1:30500/apps/web@sha256:1")
Object = dict[str, Any]


def pod(state: Object, *, last: Object | None = None, restarts: int = 0, ready: bool = False) -> Object:
    container = {"state": state, "lastState": last or {}, "restartCount": restarts, "ready": ready}
    return {"metadata": {"name": "web-1"}, "status": {"containerStatuses": [container]}}


def waiting(reason: str, message: str = "") -> Object:
    return {"waiting": {"reason": reason, "message": message}}


def ended(code: int, reason: str = "Error") -> Object:
    return {"terminated": {"exitCode": code, "reason": reason}}


RUNNING: Object = {"running": {}}
TRACE = ["Traceback", "ModuleNotFoundError: No module named 'x'"]
LOOP = waiting("CrashLoopBackOff")


def test_a_container_that_is_not_even_started_is_told_with_the_runtimes_reason() -> None:
    layers = 'runc create failed: unable to start container process: exec: "/no": stat /no: no such file or directory'
    state = {"terminated": {"exitCode": 128, "reason": "StartError", "message": layers}}
    verdict = judge(pod(state), SPEC)
    assert verdict is not None
    assert verdict.text == 'web can\'t be started: exec: "/no": stat /no: no such file or directory'


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (
            waiting("ErrImagePull", "manifest unknown: not found"),
            "image 127.0.0.1:30500/apps/web@sha256:1 does not exist",
        ),
        (waiting("ImagePullBackOff", "dial tcp: i/o timeout"), "can't be pulled: dial tcp: i/o timeout"),
        (waiting("InvalidImageName", "couldn't parse"), "can't be pulled: couldn't parse"),
        (waiting("CreateContainerConfigError", "secret x is missing"), "web can't be started: secret x is missing"),
        (ended(137, "OOMKilled"), "was killed for using more than its 64Mi of memory"),
        (ended(0), "web ended by itself (exit code 0)"),
        (ended(1), "web crashed with exit code 1: ModuleNotFoundError: No module named 'x'"),
        (ended(127), "web crashed with exit code 127: the command was not found in the image"),
    ],
)
def test_a_container_that_does_not_run_is_explained(state: Object, said: str) -> None:
    verdict = judge(pod(state), SPEC, log=TRACE)
    assert verdict is not None
    assert said in verdict.text


@pytest.mark.parametrize(
    ("found", "fatal"),
    [
        (pod(ended(1)), False),
        (pod(RUNNING, last=ended(1), restarts=1), False),
        (pod(LOOP, last=ended(1), restarts=1), True),
        (pod(RUNNING, last=ended(1), restarts=2), True),
    ],
)
def test_one_crash_is_forgiven_and_a_crash_loop_is_not(found: Object, fatal: bool) -> None:
    verdict = judge(found, SPEC)
    assert verdict is not None
    assert verdict.fatal is fatal


@pytest.mark.parametrize(
    ("ports", "said", "fatal"),
    [
        ({3000: False}, "web listens on port 3000, not on port 8080", True),
        ({8080: True}, "listens on port 8080 of 127.0.0.1 only", True),
        ({}, "does not listen on port 8080 yet", False),
    ],
)
def test_an_app_that_nobody_can_reach_is_told_where_it_listens(ports: dict[int, bool], said: str, fatal: bool) -> None:
    verdict = judge(pod(RUNNING), SPEC, ports=ports)
    assert verdict is not None
    assert said in verdict.text
    assert verdict.fatal is fatal


def test_the_hint_for_a_wrong_port_can_be_typed() -> None:
    verdict = judge(pod(RUNNING), SPEC, ports={3000: False})
    assert verdict is not None
    assert "mf push web --port 3000" in verdict.hint


@pytest.mark.parametrize("found", [pod(RUNNING, ready=True, last=ended(1), restarts=9), pod(RUNNING)])
def test_a_ready_container_and_one_that_can_not_be_looked_into_are_left_in_peace(found: Object) -> None:
    assert judge(found, SPEC) is None


def test_a_pod_without_a_node_says_why() -> None:
    conditions = [
        {"type": "PodScheduled", "status": "False", "message": "0/1 nodes are available: Insufficient memory."}
    ]
    verdict = judge({"metadata": {}, "status": {"conditions": conditions}}, SPEC)
    assert verdict is not None
    assert verdict.text == "no node has room for web: 0/1 nodes are available: Insufficient memory."


def replica_set(revision: int, *, ready: int = 0) -> Object:
    about = {"annotations": {diagnosis.REVISION: str(revision)}, "labels": {diagnosis.HASH: f"h{revision}"}}
    return {"metadata": about, "status": {"readyReplicas": ready}}


def test_the_newest_revision_is_judged_and_the_newest_serving_one_is_returned_to() -> None:
    sets = [replica_set(9, ready=1), replica_set(10), replica_set(8, ready=1)]
    assert diagnosis.newest(sets) is sets[1]
    assert diagnosis.serving(sets) is sets[0]
    mine = {"metadata": {"labels": {diagnosis.HASH: "h10"}}}
    assert diagnosis.pods_of([mine, {"metadata": {"labels": {diagnosis.HASH: "h9"}}}], sets[1]) == [mine]


def test_the_kernel_s_table_tells_ports_and_who_can_reach_them() -> None:
    table = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 2 1
   2: 0100007F:A0B0 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 3 1
"""
    assert sockets.listening(table) == {3000: False, 8080: True}
