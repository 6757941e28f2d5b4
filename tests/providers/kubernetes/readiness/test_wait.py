"""Waiting at a real API server with real controllers; the test plays the node and sets the status of pods."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from engine.errors import InitFailed
from engine.kube.client import Kube
from tests.providers.conftest import RecordingHost
from tests.providers.kubernetes.conftest import Make, Resource

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
READY = {"conditions": [{"type": "Ready", "status": "True"}], "phase": "Running"}


def _web(image: str = "none.invalid/a:1", **spec: Any) -> dict[str, Any]:
    pod = {"containers": [{"name": "main", "image": image}]}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": pod}
    return {
        "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template, **spec},
    }


def _container(state: dict[str, Any], restarts: int = 0) -> dict[str, Any]:
    status = {"name": "main", "image": "i", "imageID": "", "ready": False, "restartCount": restarts, "state": state}
    return {"phase": "Pending", "containerStatuses": [status]}


class Node:
    """Gives each new pod of a namespace the next status."""

    def __init__(self, kube: Kube, namespace: str, status: dict[str, Any]) -> None:
        self.kube, self.namespace, self.status = kube, namespace, status
        self.set_at = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        with self.kube.watch("v1", "Pod", namespace=self.namespace, timeout=20) as changes:
            for event, pod in changes:
                if event == "ADDED" and not pod.get("status", {}).get("conditions"):
                    name = pod["metadata"]["name"]
                    self.set_at = time.monotonic()
                    path = f"/api/v1/namespaces/{self.namespace}/pods/{name}/status"
                    merge = "application/merge-patch+json"
                    self.kube.request("PATCH", path, body={"status": self.status}, content_type=merge)
                    return

    def __enter__(self) -> Node:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._thread.join(timeout=20)


NodeFor = Callable[[Resource, dict[str, Any]], Node]


@pytest.fixture
def node_for(kube: Kube) -> NodeFor:
    def make(resource: Resource, status: dict[str, Any]) -> Node:
        return Node(kube, str(resource.check(metadata={"name": "x"})["metadata"]["namespace"]), status)

    return make


def test_a_deployment_is_reported_ready_the_moment_it_is(online: Make, node_for: NodeFor) -> None:
    resource = online(DEPLOYMENT)
    with node_for(resource, READY) as node:
        resource.create(**_web())
    assert time.monotonic() - node.set_at < 1.5
    assert resource.outputs["status"]["availableReplicas"] == 1


def test_an_image_that_does_not_exist_ends_the_wait_early_with_its_name(online: Make, node_for: NodeFor) -> None:
    resource, began = online(DEPLOYMENT), time.monotonic()
    state = {"waiting": {"reason": "ErrImagePull", "message": "manifest unknown"}}
    with node_for(resource, _container(state)), pytest.raises(InitFailed) as caught:
        resource.create(timeout=60, **_web())
    assert time.monotonic() - began < 15
    assert "container main: image i cannot be pulled: manifest unknown" in caught.value.reasons[0]
    assert caught.value.id.endswith("/web")


def test_a_container_that_keeps_crashing_ends_the_wait_early_with_its_exit_code(
    online: Make, node_for: NodeFor
) -> None:
    resource = online(DEPLOYMENT)
    state = {"terminated": {"exitCode": 3, "reason": "Error"}}
    with node_for(resource, _container(state, restarts=2)), pytest.raises(InitFailed) as caught:
        resource.create(timeout=60, **_web())
    assert "container main: crashed 3 times (exit code 3, Error)" in caught.value.reasons[0]


def test_only_pods_of_the_newest_revision_explain_a_rollout(online: Make, node_for: NodeFor) -> None:
    resource = online(DEPLOYMENT)
    with node_for(resource, READY):
        resource.create(**_web())
    state = {"waiting": {"reason": "InvalidImageName", "message": "no such form"}}
    with pytest.raises(InitFailed) as caught:
        node = node_for(resource, _container(state))
        old = {pod["metadata"]["name"] for pod in node.kube.list("v1", "Pod", namespace=node.namespace)}
        with node:
            resource.update(timeout=30, **_web(image="none.invalid/b:2"))
    assert "no such form" in caught.value.reasons[0]
    assert not any(name in caught.value.reasons[0] for name in old)


def test_the_deadline_of_the_deployment_itself_counts(online: Make) -> None:
    with pytest.raises(InitFailed, match="0 of 1 pods available after 2 s"):
        online(DEPLOYMENT).create(timeout=60, **_web(progressDeadlineSeconds=2))


def test_pods_that_may_not_be_made_are_explained(online: Make) -> None:
    online("kubernetes:core/v1:ResourceQuota", "q").create(metadata={"name": "q"}, spec={"hard": {"pods": "0"}})
    with pytest.raises(InitFailed, match=r"no pod can be made: .*exceeded quota: q"):
        online(DEPLOYMENT).create(timeout=2, **_web())


def test_a_stop_by_the_user_ends_the_wait_soon(online: Make, host: RecordingHost) -> None:
    resource, began = online(DEPLOYMENT), time.monotonic()
    threading.Timer(0.5, lambda: setattr(host, "stop", True)).start()
    with pytest.raises(InitFailed, match="stopped on request"):
        resource.create(timeout=60, **_web())
    assert time.monotonic() - began < 3


def test_an_object_deleted_meanwhile_is_not_waited_for(online: Make, kube: Kube) -> None:
    resource = online(DEPLOYMENT)
    namespace = resource.check(metadata={"name": "x"})["metadata"]["namespace"]
    threading.Timer(0.5, lambda: kube.delete("apps/v1", "Deployment", "web", namespace=namespace)).start()
    with pytest.raises(InitFailed, match="was deleted while it was waited for"):
        resource.create(timeout=60, **_web())


def test_progress_is_shown_while_waiting_and_only_when_it_changes(online: Make, host: RecordingHost) -> None:
    with pytest.raises(InitFailed):
        online(DEPLOYMENT).create(timeout=1.5, **_web())
    shown = [message for message, ephemeral in host.lines if ephemeral]
    assert shown and len(shown) == len(set(shown))
    assert any("pods updated" in message for message in shown)


def test_a_refresh_tells_that_something_is_not_ready(online: Make) -> None:
    resource = online(DEPLOYMENT)
    given = _web()
    given["metadata"]["annotations"] = {"pulumi.com/skipAwait": "true"}
    resource.create(**given)
    resource.refresh()
    resource.inputs = resource.check(**_web())
    with pytest.raises(InitFailed, match=r"Deployment .*/web is not ready") as caught:
        resource.read()
    assert caught.value.properties["metadata"]["name"] == "web"
