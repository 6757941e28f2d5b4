"""The client at a real API server."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import pytest

from engine.kube.client import Kube
from engine.kube.connections import Reply
from engine.kube.errors import (
    AlreadyExists,
    Conflict,
    Expired,
    Forbidden,
    Invalid,
    KubeError,
    NoKind,
    NotFound,
    Unauthorized,
    Unreachable,
)
from engine.kube.watch import Stream, Watch
from tests.support.apiserver import ApiServer


def _settings(namespace: str, name: str = "m", **data: str) -> dict[str, Any]:
    meta = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": data}


def test_objects_are_made_found_changed_and_removed(kube: Kube, make_namespace: Callable[[], str]) -> None:
    namespace = make_namespace()
    made = kube.create(_settings(namespace, a="1"))
    kube.patch("v1", "ConfigMap", "m", {"data": {"b": "2"}}, namespace=namespace)
    with pytest.raises(Conflict):
        kube.replace(made)
    kube.patch("v1", "ConfigMap", "m", [{"op": "remove", "path": "/data/a"}], namespace=namespace, type="json")
    kube.apply(_settings(namespace, c="3"), field_manager="me")
    assert kube.get("v1", "ConfigMap", "m", namespace=namespace)["data"] == {"b": "2", "c": "3"}
    kube.delete("v1", "ConfigMap", "m", namespace=namespace)
    assert kube.find("v1", "ConfigMap", "m", namespace=namespace) is None


def test_a_dry_run_changes_nothing(kube: Kube, make_namespace: Callable[[], str]) -> None:
    namespace = make_namespace()
    assert kube.create(_settings(namespace), dry_run=True)["metadata"]["uid"]
    assert kube.list("v1", "ConfigMap", namespace=namespace, fields="metadata.name=m") == []


def test_listed_objects_say_what_they_are(kube: Kube, make_namespace: Callable[[], str]) -> None:
    namespace = make_namespace()
    kube.create({**_settings(namespace), "metadata": {"name": "m", "namespace": namespace, "labels": {"a": "b"}}})
    [found] = kube.list("v1", "ConfigMap", labels="a=b", namespace=namespace)
    assert (found["apiVersion"], found["kind"]) == ("v1", "ConfigMap")


def test_refusals_are_errors_of_their_own(kube: Kube, make_namespace: Callable[[], str]) -> None:
    namespace = make_namespace()
    kube.create(_settings(namespace))
    cases: list[tuple[type[KubeError], Callable[[], object]]] = [
        (AlreadyExists, lambda: kube.create(_settings(namespace))),
        (NotFound, lambda: kube.get("v1", "ConfigMap", "none", namespace=namespace)),
        (NotFound, lambda: kube.delete("v1", "ConfigMap", "none", namespace=namespace)),
        (NoKind, lambda: kube.get("none.example/v1", "Thing", "x")),
        (NoKind, lambda: kube.get("apps/v1", "Thing", "x")),
        (NoKind, lambda: kube.get("gateway.networking.k8s.io/v1", "Gateway", "x")),
        (Invalid, lambda: kube.create(_settings(namespace, "Not A Name"))),
        (Conflict, lambda: kube.delete("v1", "ConfigMap", "m", namespace=namespace, uid="another")),
    ]
    for expected, call in cases:
        with pytest.raises(KubeError) as caught:
            call()
        assert type(caught.value) is expected


def test_users_without_rights_and_strangers_are_told_apart(apiserver: ApiServer) -> None:
    nobody = Kube.load(content=apiserver.user_config("nobody"))
    with pytest.raises(Forbidden, match='User "nobody" cannot list'):
        nobody.list("v1", "Secret")
    stranger = json.loads(apiserver.user_config("nobody"))
    stranger["users"][0]["user"] = {"token": "made-up"}
    with pytest.raises(Unauthorized):
        Kube.load(content=json.dumps(stranger)).list("v1", "Secret")


def test_a_server_that_is_no_kubernetes_is_called_so(kube: Kube) -> None:
    with pytest.raises(Unreachable, match="answers, but not as a Kubernetes API"):
        kube.request("GET", "/livez/ping")


def test_a_watch_tells_each_change_and_can_be_stopped_from_elsewhere(
    kube: Kube, make_namespace: Callable[[], str]
) -> None:
    namespace = make_namespace()
    _, version = kube.list_at("v1", "ConfigMap", namespace=namespace)
    fields = "metadata.name=m"
    seen = []
    with kube.watch("v1", "ConfigMap", namespace=namespace, fields=fields, resource_version=version) as changes:
        kube.create(_settings(namespace, a="1"))
        kube.patch("v1", "ConfigMap", "m", {"data": {"a": "2"}}, namespace=namespace)
        kube.delete("v1", "ConfigMap", "m", namespace=namespace)
        threading.Timer(0.5, changes.stop).start()
        began = time.monotonic()
        for event, obj in changes:
            seen.append((event, obj["data"]["a"]))
    assert seen == [("ADDED", "1"), ("MODIFIED", "2"), ("DELETED", "2")]
    assert time.monotonic() - began < 3


def test_a_watch_that_asks_too_far_back_says_so() -> None:
    status = {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old resource version: 1 (9)"}
    line = json.dumps({"type": "ERROR", "object": status}).encode()
    body = io.BytesIO(line + b"\n")
    reply = cast(Reply, SimpleNamespace(read1=body.read1, close=body.close))
    with pytest.raises(Expired, match="too old"):
        list(Watch(Stream(reply, lambda exc: exc)))


def test_many_threads_share_one_client(kube: Kube, make_namespace: Callable[[], str]) -> None:
    namespace = make_namespace()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: kube.create(_settings(namespace, f"m{n}")), range(64)))
    names = {obj["metadata"]["name"] for obj in kube.list("v1", "ConfigMap", namespace=namespace)}
    assert {f"m{n}" for n in range(64)} <= names


def test_logs_and_commands_of_a_pod_that_is_not_there_say_which(kube: Kube) -> None:
    with pytest.raises(NotFound, match='pods "none" not found'):
        list(kube.logs("default", "none"))
    with pytest.raises(NotFound, match='pods "none" not found'):
        kube.exec("default", "none", ["true"])
    with pytest.raises(NotFound, match='pods "none" not found'), kube.port_forward("default", "none", 80):
        pass
