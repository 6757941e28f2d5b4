"""Our light resources ask the engine for exactly what pulumi_kubernetes would."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pulumi
import pytest
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks, settings

from components.kubernetes_object import SDK_VERSION, KubernetesObject, find_secret, secret
from tests.components.conftest import Made, _Mocks

METADATA: Any = {"name": "web", "namespace": "ns", "labels": {"a": "b"}}
SPEC: Any = {"replicas": 1, "minReadySeconds": 0, "selector": {"matchLabels": {"a": "b"}}, "template": {"spec": {}}}
DATA: Any = {"k": "dg=="}


class Recorder(mocks.MockMonitor):
    """Keeps requests as they come over the wire."""

    def __init__(self) -> None:
        super().__init__(_Mocks(Made(reads={"ns/web": {"metadata": METADATA, "data": DATA}})))
        self.requests: list[dict[str, Any]] = []

    def RegisterResource(self, request: Any) -> Any:
        self.requests.append(MessageToDict(request))
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK does not annotate it

    def ReadResource(self, request: Any) -> Any:
        self.requests.append(MessageToDict(request))
        return super().ReadResource(request)  # type: ignore[no-untyped-call]  # the SDK does not annotate it


def asked(program: Callable[[], object]) -> list[dict[str, Any]]:
    """The requests, without what tells where in a program they come from and what they were called before."""
    settings.reset_options()
    recorder = Recorder()
    pulumi.runtime.set_mocks(_Mocks(Made()), preview=False, monitor=recorder)
    pulumi.runtime.test(lambda: program() and None)()  # type: ignore[no-untyped-call]  # the SDK does not annotate it
    ours = [request for request in recorder.requests if request["type"].startswith("kubernetes:")]
    return [{key: request[key] for key in request if key not in PLACE} for request in ours]


PLACE = ("aliases", "sourcePosition", "stackTrace", "aliasURNs")


def with_sdk(kind: str) -> Callable[[], object]:
    """The same through the SDK."""
    import pulumi_kubernetes as k8s

    return {
        "Deployment": lambda: k8s.apps.v1.Deployment("web", metadata=METADATA, spec=SPEC),
        "Service": lambda: k8s.core.v1.Service("web", metadata=METADATA, spec={"type": "ClusterIP"}),
        "HTTPRoute": lambda: k8s.apiextensions.CustomResource(
            "web", api_version="gateway.networking.k8s.io/v1", kind="HTTPRoute", metadata=METADATA, spec={"a": 1}
        ),
        "Secret": lambda: k8s.core.v1.Secret("web", metadata=METADATA, type="t", data=DATA),
        "lookup": lambda: k8s.core.v1.Secret.get("web", "ns/web"),
    }[kind]


NONE = pulumi.ResourceOptions()
OURS: dict[str, Callable[[], object]] = {
    "Deployment": lambda: KubernetesObject("web", "apps/v1/Deployment", {"metadata": METADATA, "spec": SPEC}, NONE),
    "Service": lambda: KubernetesObject(
        "web", "v1/Service", {"metadata": METADATA, "spec": {"type": "ClusterIP"}}, NONE
    ),
    "HTTPRoute": lambda: KubernetesObject(
        "web", "gateway.networking.k8s.io/v1/HTTPRoute", {"metadata": METADATA, "spec": {"a": 1}}, NONE
    ),
    "Secret": lambda: secret("web", {"metadata": METADATA, "type": "t", "data": DATA}, NONE),
    "lookup": lambda: find_secret("web", "ns", NONE),
}


@pytest.mark.parametrize("kind", OURS)
def test_the_engine_sees_no_difference(kind: str) -> None:
    (ours,), (theirs,) = asked(OURS[kind]), asked(with_sdk(kind))
    assert ours == theirs


def test_the_version_is_that_of_the_installed_sdk() -> None:
    assert version("pulumi-kubernetes") == SDK_VERSION
