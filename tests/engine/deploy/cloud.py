"""A support file: a recording provider over a pretended cloud, for programs that use the real SDK."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.errors import ProviderError
from engine.provider_api import (
    CheckReply,
    CheckRequest,
    CreateReply,
    CreateRequest,
    DeleteRequest,
    DiffChanges,
    DiffReply,
    DiffRequest,
    Host,
    Info,
    InvokeReply,
    InvokeRequest,
    ReadReply,
    ReadRequest,
    UpdateReply,
    UpdateRequest,
)
from engine.urn import name_of
from engine.values import UNKNOWN, Props
from engine.values_walk import plain
from engine.wire.diff import diff_props


@dataclass
class Cloud:
    """What exists, what was called, and what shall happen; one for each test."""

    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)
    hooks: dict[tuple[str, str], Callable[[Any], Any]] = field(default_factory=dict)
    configured: list[dict[str, Any]] = field(default_factory=list)
    info: Info = field(default_factory=lambda: Info(name="cloud", version="1.0.0"))
    cancelled: threading.Event = field(default_factory=threading.Event)
    closed: int = 0
    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def on(self, call: str, name: str, action: Callable[[Any], Any]) -> None:
        """Run the action when the call comes for the resource of that name; what it returns is the answer."""
        self.hooks[call, name] = action

    def fail(self, call: str, name: str, error: Exception | None = None) -> None:
        """Let the call for that resource fail."""

        def action(_request: Any) -> Any:
            raise error or ProviderError(f"the cloud refuses to {call} {name}")

        self.on(call, name, action)

    def changes(self) -> list[tuple[str, str]]:
        """Calls that change the cloud, in order."""
        return [call for call in self.calls if call[0] in ("create", "update", "delete")]

    def names(self, call: str) -> list[str]:
        """The resources that one kind of call came for."""
        return [name for kind, name in self.calls if kind == call]

    def request(self, kind: type[Any], name: str) -> Any:
        """The last request of a kind for a resource."""
        return [one for one in self.requests if isinstance(one, kind) and name_of(getattr(one, "urn", "")) == name][-1]

    def forget_calls(self) -> None:
        """Start counting anew."""
        self.calls.clear()
        self.requests.clear()


class CloudProvider:
    """Replaces when `key` changes (first deleting when `fixed` is set); everything else is an update."""

    def __init__(self, cloud: Cloud, host: Host) -> None:
        self.cloud = cloud
        self.host = host

    @property
    def info(self) -> Info:
        return self.cloud.info

    def _note(self, call: str, request: Any) -> Any:
        name = name_of(request.urn)
        with self.cloud.lock:
            self.cloud.calls.append((call, name))
            self.cloud.requests.append(request)
        action = self.cloud.hooks.get((call, name))
        return None if action is None else action(request)

    def check_config(self, request: CheckRequest) -> CheckReply:
        return self._note("check_config", request) or CheckReply(inputs=request.news)

    def diff_config(self, request: DiffRequest) -> DiffReply:
        self._note("diff_config", request)
        moved = request.old_inputs.get("region") != request.news.get("region")
        return DiffReply(changes=DiffChanges.SOME, replaces=["region"] if moved else [])

    def configure(self, inputs: Props) -> None:
        self.cloud.configured.append(dict(inputs))

    def check(self, request: CheckRequest) -> CheckReply:
        return self._note("check", request) or CheckReply(inputs=request.news)

    def diff(self, request: DiffRequest) -> DiffReply:
        answer: DiffReply | None = self._note("diff", request)
        if answer is not None:
            return answer
        changes = diff_props(request.old_inputs, request.news)
        if not changes:
            return DiffReply(changes=DiffChanges.NONE)
        fixed = bool(plain(request.news).get("fixed"))
        replaces = [path for path in changes if path == "key"]
        return DiffReply(changes=DiffChanges.SOME, replaces=replaces, diffs=list(changes), delete_before_replace=fixed)

    def create(self, request: CreateRequest) -> CreateReply:
        if request.preview:
            self._note("preview-create", request)
            return CreateReply(id="", outputs=request.inputs)
        answer: CreateReply | None = self._note("create", request)
        if answer is not None:
            return answer
        with self.cloud.lock:
            self.cloud.count += 1
            id = f"{name_of(request.urn)}-{self.cloud.count}"
            self.cloud.things[id] = dict(plain(request.inputs))
        return CreateReply(id=id, outputs={**request.inputs, "made": id})

    def read(self, request: ReadRequest) -> ReadReply:
        answer: ReadReply | None = self._note("read", request)
        if answer is not None:
            return answer
        thing = self.cloud.things.get(request.id)
        if thing is None:
            return ReadReply(id="", outputs={})
        return ReadReply(id=request.id, outputs={**thing, "made": request.id}, inputs=dict(thing))

    def update(self, request: UpdateRequest) -> UpdateReply:
        if request.preview:
            self._note("preview-update", request)
            return UpdateReply(outputs={**request.olds, **request.news})
        answer: UpdateReply | None = self._note("update", request)
        if answer is not None:
            return answer
        self.cloud.things[request.id] = dict(plain(request.news))
        return UpdateReply(outputs={**request.news, "made": request.id})

    def delete(self, request: DeleteRequest) -> None:
        self._note("delete", request)
        self.cloud.things.pop(request.id, None)

    def invoke(self, request: InvokeRequest) -> InvokeReply:
        with self.cloud.lock:
            self.cloud.calls.append(("invoke", request.token))
            self.cloud.requests.append(request)
        return InvokeReply(result={"echo": dict(request.args)})

    def cancel(self) -> None:
        self.cloud.cancelled.set()

    def close(self) -> None:
        self.cloud.closed += 1


def unknown(props: Mapping[str, Any]) -> list[str]:
    """The keys whose values are not known."""
    return [key for key, value in props.items() if value is UNKNOWN]


__all__ = ["Cloud", "CloudProvider", "replace", "unknown"]
