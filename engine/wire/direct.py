"""Serve inline programs of this very process without gRPC: the same requests, handed over as objects."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final, NoReturn

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, resource_pb2, resource_pb2_grpc
from pulumi.runtime.settings import SETTINGS, get_engine, get_monitor

from engine.wire.monitor import DIRECT, EngineServicer, MonitorServicer

_AT_A_TIME: Final = 64
_lock: Final = threading.Lock()
_serving: Final[dict[str, DirectServer]] = {}


class DirectError(grpc.RpcError):
    """What a stub raises when the answer is no."""

    def __init__(self, code: grpc.StatusCode, details: str) -> None:
        super().__init__(details)
        self._code = code
        self._details = details

    def code(self) -> grpc.StatusCode:
        """The status."""
        return self._code

    def details(self) -> str:
        """The text."""
        return self._details


class _Caller:
    """Stands for gRPC's context of one call."""

    async def abort(self, code: grpc.StatusCode, details: str) -> NoReturn:
        raise DirectError(code, details)


class DirectServer:
    """One update's services, for callers in threads of this process."""

    def __init__(self, monitor: MonitorServicer, log: EngineServicer) -> None:
        self._monitor = monitor
        self._log = log
        self._loop = asyncio.get_running_loop()

    def call(self, method: str, request: Any) -> Any:
        """Serve one request of the resource monitor; blocks the caller, not the loop."""
        handler = getattr(self._monitor, method)
        return asyncio.run_coroutine_threadsafe(handler(request, _Caller()), self._loop).result()

    def log(self, request: engine_pb2.LogRequest) -> None:
        """Take one log line at once."""
        self._log.take(request)

    def require(self, request: engine_pb2.RequirePulumiVersionRequest) -> Any:
        """Refuse a program that needs another Pulumi."""
        answer = self._log.RequirePulumiVersion(request, _Caller())
        return asyncio.run_coroutine_threadsafe(answer, self._loop).result()


class _Monitor:
    """Looks like a ResourceMonitor stub."""

    def __init__(self, server: DirectServer) -> None:
        self._server = server

    def __getattr__(self, method: str) -> Callable[[Any], Any]:
        return lambda request: self._server.call(method, request)


class _Engine:
    """Looks like an Engine stub."""

    def __init__(self, server: DirectServer) -> None:
        self._server = server

    def Log(self, request: engine_pb2.LogRequest) -> Empty:
        self._server.log(request)
        return Empty()

    def RequirePulumiVersion(self, request: Any) -> Any:
        return self._server.require(request)


class _Outstanding(set["asyncio.Task[Any]"]):
    """The tasks that the SDK waits for at a program's end, shown to it a few at a time.

    It waits for the first of them, then looks at all of them again: with thousands, that look is most of the run.
    """

    _shown: tuple[asyncio.Task[Any], ...] = ()

    def __iter__(self) -> Iterator[asyncio.Task[Any]]:
        self._shown = tuple(islice(super().__iter__(), _AT_A_TIME))
        return iter(self._shown)

    def clear(self) -> None:
        """Forget those that were shown last: the SDK has them in hand now."""
        self.difference_update(self._shown)


def offer(token: str, server: DirectServer) -> None:
    """Let programs of this process come in directly."""
    with _lock:
        _serving[token] = server


def withdraw(token: str) -> None:
    """That server is gone."""
    with _lock:
        _serving.pop(token, None)


def connect() -> None:
    """Called inside a program: replace its stubs if the engine that serves it lives in this process."""
    monitor = get_monitor()
    if not isinstance(monitor, resource_pb2_grpc.ResourceMonitorStub) or get_engine() is None:
        return
    _, call = monitor.SupportsFeature.with_call(resource_pb2.SupportsFeatureRequest(id=DIRECT))
    tokens = [value for key, value in call.trailing_metadata() or () if key == DIRECT]
    with _lock:
        server = _serving.get(str(tokens[0])) if tokens else None
    if server is not None:
        SETTINGS.monitor = _Monitor(server)
        SETTINGS.engine = _Engine(server)
        SETTINGS.outputs = _Outstanding(SETTINGS.outputs)
