"""One gRPC server on loopback with the limits that Pulumi uses."""

from __future__ import annotations

import uuid
from typing import Any

import grpc
import grpc.aio
from pulumi.runtime.proto import engine_pb2_grpc, resource_pb2_grpc

from engine.wire.direct import DirectServer, offer, withdraw
from engine.wire.limits import OPTIONS
from engine.wire.monitor import EngineServicer, LogSink, Monitor, MonitorServicer

__all__ = ["OPTIONS", "ProgramServer"]


class ProgramServer:
    """Serves one program: its resource monitor and its log, at one address."""

    def __init__(self, monitor: Monitor, sink: LogSink) -> None:
        self._server: Any = grpc.aio.server(options=OPTIONS)
        self._token = uuid.uuid4().hex
        self._services = MonitorServicer(monitor, self._token), EngineServicer(sink)
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(self._services[0], self._server)
        engine_pb2_grpc.add_EngineServicer_to_server(self._services[1], self._server)
        self.address = ""

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        port = self._server.add_insecure_port("127.0.0.1:0")
        await self._server.start()
        self.address = f"127.0.0.1:{port}"
        offer(self._token, DirectServer(*self._services))

    async def stop(self) -> None:
        """Take no more calls; those that still wait end a moment later."""
        withdraw(self._token)
        await self._server.stop(grace=1.0)
