"""Each kind's rule on objects as the cluster reports them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from engine.errors import ProviderError
from providers.kubernetes.readiness.rules import rule_for
from providers.kubernetes.readiness.verdict import Verdict

META = {"name": "x", "namespace": "n", "uid": "u", "generation": 2}
ENDPOINT = {"metadata": {"labels": {"kubernetes.io/service-name": "x"}}, "endpoints": [{"conditions": {"ready": True}}]}


def _obj(kind: str, spec: Any = None, status: Any = None, **more: Any) -> dict[str, Any]:
    api, _, name = kind.rpartition(":")
    return {"apiVersion": api, "kind": name, "metadata": {**META}, "spec": spec or {}, "status": status or {}, **more}


def _verdict(obj: dict[str, Any], **related: Sequence[dict[str, Any]]) -> Verdict:
    rule = rule_for(obj, obj)
    assert rule is not None
    assert set(related) <= set(rule.selections(obj))
    return rule.judge(obj, lambda key: related.get(key, []))


def _condition(type: str, status: str = "True", **more: str) -> dict[str, Any]:
    return {"conditions": [{"type": type, "status": status, **more}]}


SEEN = {"observedGeneration": 2}
DEPLOYED = {**SEEN, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2}
NODES = {**SEEN, "desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 2}
FULL = {**SEEN, "replicas": 2, "readyReplicas": 2, "currentRevision": "b", "updateRevision": "b"}
TWO = {"replicas": 2}


@pytest.mark.parametrize(
    ("obj", "ready"),
    [
        (_obj("apps/v1:Deployment", TWO, DEPLOYED), True),
        (_obj("apps/v1:Deployment", TWO, {**DEPLOYED, "observedGeneration": 1}), False),
        (_obj("apps/v1:Deployment", TWO, {**DEPLOYED, "updatedReplicas": 1}), False),
        (_obj("apps/v1:Deployment", TWO, {**DEPLOYED, "replicas": 3}), False),
        (_obj("apps/v1:Deployment", TWO, {**DEPLOYED, "availableReplicas": 1}), False),
        (_obj("apps/v1:Deployment", {"replicas": 0}, SEEN), True),
        (_obj("apps/v1:Deployment", {"replicas": 2, "paused": True}, SEEN), True),
        (_obj("apps/v1:StatefulSet", TWO, FULL), True),
        (_obj("apps/v1:StatefulSet", TWO, {**FULL, "currentRevision": "a"}), False),
        (_obj("apps/v1:StatefulSet", TWO, {**FULL, "readyReplicas": 1}), False),
        (_obj("apps/v1:DaemonSet", {}, NODES), True),
        (_obj("apps/v1:DaemonSet", {}, {**NODES, "numberAvailable": 1}), False),
        (_obj("apps/v1:DaemonSet", {}, {**NODES, "observedGeneration": 1}), False),
        (_obj("batch/v1:Job", {}, _condition("Complete")), True),
        (_obj("batch/v1:Job", {}, {"active": 1}), False),
        (_obj("batch/v1:Job", {"suspend": True}), True),
        (_obj("v1:Pod", {}, _condition("Ready")), True),
        (_obj("v1:Pod", {}, {"phase": "Succeeded"}), True),
        (_obj("v1:Pod", {}, {"phase": "Running", **_condition("Ready", "False")}), False),
        (_obj("v1:Service", {"selector": {"a": "b"}}), False),
        (_obj("v1:Service", {"selector": {"a": "b"}, "clusterIP": "None"}), True),
        (_obj("v1:Service", {"type": "ExternalName", "selector": {"a": "b"}}), True),
        (_obj("v1:Service", {}), True),
        (_obj("v1:Service", {"type": "LoadBalancer"}), False),
        (_obj("v1:Service", {"type": "LoadBalancer"}, {"loadBalancer": {"ingress": [{"ip": "10.1.1.1"}]}}), True),
        (_obj("networking.k8s.io/v1:Ingress", {}, {"loadBalancer": {"ingress": [{"ip": "10.1.1.1"}]}}), True),
        (_obj("networking.k8s.io/v1:Ingress", {}), False),
        (_obj("v1:PersistentVolumeClaim", {}, {"phase": "Bound"}), True),
        (_obj("v1:PersistentVolumeClaim", {}, {"phase": "Pending"}), False),
        (_obj("v1:PersistentVolume", {}, {"phase": "Available"}), True),
        (_obj("v1:PersistentVolume", {}, {"phase": "Pending"}), False),
        (_obj("v1:ResourceQuota", {"hard": {"pods": "1"}}, {"hard": {"pods": "1"}}), True),
        (_obj("v1:ResourceQuota", {"hard": {"pods": "1"}}), False),
        (_obj("v1:Secret", type="kubernetes.io/service-account-token", data={"token": "dA=="}), True),
        (_obj("v1:Secret", type="kubernetes.io/service-account-token"), False),
        (_obj("apiextensions.k8s.io/v1:CustomResourceDefinition", {}, _condition("Established")), True),
        (_obj("apiextensions.k8s.io/v1:CustomResourceDefinition", {}), False),
    ],
    ids=lambda value: f"{value['kind']}" if isinstance(value, dict) else str(value),
)
def test_each_kind_is_ready_when_its_status_says_so(obj: dict[str, Any], ready: bool) -> None:
    verdict = _verdict(obj)
    assert verdict.ready is ready
    assert verdict.ready or verdict.message


@pytest.mark.parametrize(
    ("obj", "message"),
    [
        (_obj("batch/v1:Job", {}, _condition("Failed", reason="BackoffLimitExceeded", message="m")), "BackoffLimit"),
        (_obj("v1:Pod", {}, {"phase": "Failed", "reason": "Evicted"}), "Evicted"),
        (_obj("v1:PersistentVolumeClaim", {}, {"phase": "Lost"}), "lost"),
        (_obj("v1:PersistentVolume", {}, {"phase": "Failed", "message": "gone"}), "gone"),
        (
            _obj(
                "apps/v1:Deployment",
                {"progressDeadlineSeconds": 7},
                {**SEEN, **_condition("Progressing", "False", reason="ProgressDeadlineExceeded")},
            ),
            "0 of 1 pods available after 7 s",
        ),
    ],
)
def test_what_cannot_get_better_is_given_up(obj: dict[str, Any], message: str) -> None:
    verdict = _verdict(obj)
    assert verdict.failed and message in verdict.message


def test_stopping_what_missed_its_deadline_is_no_failure() -> None:
    missed = _condition("Progressing", "False", reason="ProgressDeadlineExceeded")
    verdict = _verdict(_obj("apps/v1:Deployment", {"replicas": 0}, {**SEEN, "replicas": 1, **missed}))
    assert not verdict.failed and not verdict.ready and verdict.message == "1 pods still to go"


def test_a_service_needs_an_endpoint_that_serves() -> None:
    service = _obj("v1:Service", {"selector": {"a": "b"}})
    assert _verdict(service, slices=[ENDPOINT]).ready
    assert not _verdict(service, slices=[{**ENDPOINT, "endpoints": [{"conditions": {"ready": False}}]}]).ready


def test_an_ingress_needs_endpoints_of_each_of_its_services() -> None:
    path = {"backend": {"service": {"name": "x"}}}
    address = {"loadBalancer": {"ingress": [{"ip": "10.1.1.1"}]}}
    ingress = _obj("networking.k8s.io/v1:Ingress", {"rules": [{"http": {"paths": [path]}}]}, address)
    assert _verdict(ingress).message == "service x has no ready pods"
    assert _verdict(ingress, slices=[ENDPOINT]).ready
    assert _verdict(ingress, services=[_obj("v1:Service", {"type": "ExternalName"})]).ready


def test_a_claim_that_binds_late_need_not_be_bound() -> None:
    claim = _obj("v1:PersistentVolumeClaim", {"storageClassName": "late"}, {"phase": "Pending"})
    late = {"metadata": {"name": "late"}, "volumeBindingMode": "WaitForFirstConsumer"}
    assert _verdict(claim, classes=[late]).ready
    assert not _verdict(claim, classes=[{**late, "volumeBindingMode": "Immediate"}]).ready


def test_a_statefulset_updates_only_down_to_its_partition() -> None:
    strategy = {"updateStrategy": {"rollingUpdate": {"partition": 1}}, **TWO}
    status = {**FULL, "currentRevision": "a", "updatedReplicas": 1}
    assert _verdict(_obj("apps/v1:StatefulSet", strategy, status)).ready
    assert not _verdict(_obj("apps/v1:StatefulSet", strategy, {**status, "updatedReplicas": 0})).ready


@pytest.mark.parametrize(
    ("expression", "ready"),
    [
        ("condition=Programmed", True),
        ("condition=Programmed=True", True),
        ("condition=Programmed=False", False),
        ("condition=Other", False),
        ("jsonpath={.status.conditions[0].type}=Programmed", True),
        ("jsonpath={.status.conditions[*].status}=True", True),
        ("jsonpath=.metadata.name=x", True),
        ("jsonpath={.status.missing}", False),
        ('["condition=Programmed", "jsonpath={.metadata.name}=y"]', False),
        ('["condition=Programmed", "jsonpath={.metadata.name}=x"]', True),
    ],
)
def test_a_program_may_name_its_own_condition(expression: str, ready: bool) -> None:
    gateway = _obj("gateway.networking.k8s.io/v1:Gateway", {}, _condition("Programmed"))
    gateway["metadata"]["annotations"] = {"pulumi.com/waitFor": expression}
    assert _verdict(gateway).ready is ready


@pytest.mark.parametrize("expression", ["Ready", "jsonpath={.a[?(@.b)]}", "[broken"])
def test_a_condition_that_is_not_understood_is_refused(expression: str) -> None:
    obj = _obj("v1:ConfigMap")
    obj["metadata"]["annotations"] = {"pulumi.com/waitFor": expression}
    with pytest.raises(ProviderError, match=r"pulumi\.com/waitFor"):
        _verdict(obj)


def test_objects_without_a_rule_and_those_that_say_so_are_not_waited_for() -> None:
    assert rule_for(_obj("v1:ConfigMap"), {}) is None
    assert rule_for(_obj("example.com/v1:Deployment"), {}) is None
    skipping = {"metadata": {"annotations": {"pulumi.com/skipAwait": "true"}}}
    assert rule_for(_obj("apps/v1:Deployment"), skipping) is None
