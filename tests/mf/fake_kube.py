"""A Kubernetes in memory for tests of operations (support file): serves dicts, records what it was asked."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from engine.kube.errors import AlreadyExists, Conflict, NotFound

Object = dict[str, Any]


class FakeKube:
    """The part of `engine.kube.client.Kube` that operations use, with the same errors."""

    host = "https://cluster.test:6443"
    context_name = "test"
    default_namespace = "default"

    def __init__(self, *objects: Object) -> None:
        self.calls: list[tuple[str, ...]] = []
        self.log_lines: dict[str, list[str]] = {}
        self._versions = itertools.count(100)
        self._objects: dict[tuple[str, str, str], Object] = {}
        for obj in objects:
            self._keep(obj)

    def find(self, api_version: str, kind: str, name: str, *, namespace: str | None = None) -> Object | None:
        self.calls.append(("find", kind, name))
        return self._objects.get((kind, namespace or "", name))

    def get(self, api_version: str, kind: str, name: str, *, namespace: str | None = None) -> Object:
        found = self.find(api_version, kind, name, namespace=namespace)
        if found is None:
            raise _not_found(kind, name)
        return found

    def list(
        self, api_version: str, kind: str, namespace: str | None = None, labels: str = "", fields: str = ""
    ) -> list[Object]:
        self.calls.append(("list", kind, labels))
        return [
            obj
            for (its_kind, space, _), obj in self._objects.items()
            if its_kind == kind and (namespace is None or space == namespace) and _selected(obj, labels)
        ]

    def create(self, obj: Object, *, dry_run: bool = False, field_manager: str | None = None) -> Object:
        self.calls.append(("create", obj["kind"], obj["metadata"]["name"]))
        if _key(obj) in self._objects:
            raise AlreadyExists(409, "AlreadyExists", f"{obj['metadata']['name']} already exists")
        return self._keep(obj)

    def replace(self, obj: Object) -> Object:
        self.calls.append(("replace", obj["kind"], obj["metadata"]["name"]))
        now = self._objects.get(_key(obj))
        if now is None:
            raise _not_found(obj["kind"], obj["metadata"]["name"])
        if obj["metadata"].get("resourceVersion") != now["metadata"]["resourceVersion"]:
            raise Conflict(409, "Conflict", "the object has been modified")
        return self._keep(obj)

    def delete(self, api_version: str, kind: str, name: str, *, namespace: str | None = None, **_: Any) -> None:
        self.calls.append(("delete", kind, name))
        if self._objects.pop((kind, namespace or "", name), None) is None:
            raise _not_found(kind, name)

    def logs(self, namespace: str, pod: str, **options: Any) -> Iterator[str]:
        self.calls.append(("logs", pod, options.get("container", "")))
        lines = self.log_lines.get(pod, [])
        tail = options.get("tail")
        return iter(lines if tail is None else lines[len(lines) - min(tail, len(lines)) :])

    def server_version(self) -> str:
        return "v1.36.3"

    def _keep(self, obj: Object) -> Object:
        kept = {**obj, "metadata": {**obj["metadata"], "resourceVersion": str(next(self._versions))}}
        self._objects[_key(obj)] = kept
        return kept


def _key(obj: Object) -> tuple[str, str, str]:
    return obj["kind"], obj["metadata"].get("namespace", ""), obj["metadata"]["name"]


def _selected(obj: Object, selector: str) -> bool:
    labels = obj["metadata"].get("labels") or {}
    for term in filter(None, selector.split(",")):
        key, equals, value = term.partition("=")
        if key not in labels or (equals and labels[key] != value):
            return False
    return True


def _not_found(kind: str, name: str) -> NotFound:
    return NotFound(404, "NotFound", f"{kind} {name} not found", details={"name": name})
