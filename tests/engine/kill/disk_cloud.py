"""A support file: a pretended cloud in a folder, which outlives the processes that work on it."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

from engine.provider_api import (
    CreateReply,
    CreateRequest,
    DeleteRequest,
    Host,
    ReadReply,
    ReadRequest,
    UpdateReply,
    UpdateRequest,
)
from engine.urn import name_of
from engine.values_walk import plain
from tests.engine.deploy.cloud import Cloud, CloudProvider
from tests.engine.kill.points import Points


class DiskProvider(CloudProvider):
    """Each thing is a file; around each change there is a moment to die."""

    def __init__(self, folder: Path, points: Points, host: Host) -> None:
        super().__init__(Cloud(), host)
        self._folder = folder
        self._points = points

    def create(self, request: CreateRequest) -> CreateReply:
        id = f"{name_of(request.urn)}-{uuid.uuid4().hex[:8]}"
        self._points.reach("before create")
        self._write(id, request.inputs)
        self._points.reach("after create")
        return CreateReply(id=id, outputs={**request.inputs, "made": id})

    def update(self, request: UpdateRequest) -> UpdateReply:
        assert (self._folder / request.id).exists(), f"update of {request.id}, which is gone"
        self._points.reach("before update")
        self._write(request.id, request.news)
        self._points.reach("after update")
        return UpdateReply(outputs={**request.news, "made": request.id})

    def delete(self, request: DeleteRequest) -> None:
        self._points.reach("before delete")
        (self._folder / request.id).unlink(missing_ok=True)
        self._points.reach("after delete")

    def read(self, request: ReadRequest) -> ReadReply:
        path = self._folder / request.id
        if not path.exists():
            return ReadReply(id="", outputs={})
        thing = json.loads(path.read_text(encoding="utf-8"))
        return ReadReply(id=request.id, outputs={**thing, "made": request.id}, inputs=thing)

    def _write(self, id: str, inputs: object) -> None:
        aside = self._folder.parent / f".{id}"
        aside.write_text(json.dumps(plain(inputs)), encoding="utf-8")
        aside.replace(self._folder / id)
