"""A Kubernetes API in memory with versions and conflicts (support file, holds no tests)."""

from __future__ import annotations

import copy
import threading
import uuid
from collections.abc import Mapping
from typing import Any

from engine.kube.errors import AlreadyExists, Conflict, NotFound


class FakeKube:
    """Objects by kind and name; `requests` lists what was asked, for tests that count."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], dict[str, Any]] = {}
        self.requests: list[str] = []
        self._version = 0
        self._lock = threading.Lock()

    def find(self, api_version: str, kind: str, name: str, *, namespace: str | None = None) -> dict[str, Any] | None:
        self.requests.append(f"get {kind}")
        return copy.deepcopy(self.objects.get((kind, name)))

    def create(self, obj: Mapping[str, Any]) -> dict[str, Any]:
        self.requests.append(f"create {obj['kind']}")
        with self._lock:
            index = (obj["kind"], obj["metadata"]["name"])
            if index in self.objects:
                raise AlreadyExists(409, "AlreadyExists", f"{index} already exists")
            return self._store(index, {**obj, "metadata": {**obj["metadata"], "uid": str(uuid.uuid4())}})

    def replace(self, obj: Mapping[str, Any]) -> dict[str, Any]:
        self.requests.append(f"replace {obj['kind']}")
        with self._lock:
            index = (obj["kind"], obj["metadata"]["name"])
            there = self.objects.get(index)
            if there is None:
                raise NotFound(404, "NotFound", f"{index} not found")
            wanted = obj["metadata"].get("resourceVersion", "")
            if wanted and wanted != there["metadata"]["resourceVersion"]:
                raise Conflict(409, "Conflict", "the object has been modified")
            return self._store(index, {**obj, "metadata": {**obj["metadata"], "uid": there["metadata"]["uid"]}})

    def list(self, api_version: str, kind: str, *, namespace: str | None = None, labels: str = "") -> list[Any]:
        self.requests.append(f"list {kind}")
        wanted = dict(pair.split("=") for pair in labels.split(",") if pair)
        return [
            copy.deepcopy(item)
            for (item_kind, _), item in self.objects.items()
            if item_kind == kind and wanted.items() <= item["metadata"].get("labels", {}).items()
        ]

    def delete(
        self, api_version: str, kind: str, name: str, *, namespace: str | None = None, uid: str | None = None
    ) -> None:
        self.requests.append(f"delete {kind}")
        with self._lock:
            there = self.objects.get((kind, name))
            if there is None:
                raise NotFound(404, "NotFound", f"{kind} {name} not found")
            if uid and uid != there["metadata"]["uid"]:
                raise Conflict(409, "Conflict", "uid differs")
            del self.objects[kind, name]

    def _store(self, index: tuple[str, str], obj: dict[str, Any]) -> dict[str, Any]:
        self._version += 1
        obj["metadata"]["resourceVersion"] = str(self._version)
        self.objects[index] = copy.deepcopy(obj)
        return copy.deepcopy(obj)
