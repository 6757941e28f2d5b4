"""The Engine service as plugins need it: somewhere to send their log lines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from engine.errors import UsageError
from engine.provider_api import Host, Severity
from engine.state.serialise import ENGINE_VERSION
from engine.version_range import require
from engine.wire.server import OPTIONS

_THREADS: Final = 2


class EngineLog(engine_pb2_grpc.EngineServicer):
    """Serves on a free port of loopback until it is closed; lines go to the host."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="plugin-log")
        self._server = grpc.server(self._pool, options=OPTIONS)
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def Log(self, request: Any, _context: Any) -> Empty:
        known = {one.value for one in Severity}
        severity = Severity(request.severity) if request.severity in known else Severity.INFO
        self._host.log(severity, request.message, urn=request.urn, ephemeral=request.ephemeral)
        return Empty()

    def RequirePulumiVersion(self, request: Any, context: Any) -> Any:
        try:
            require(request.pulumi_version_range, ENGINE_VERSION)
        except UsageError as error:
            context.abort(grpc.StatusCode.UNKNOWN, error.message)
        return engine_pb2.RequirePulumiVersionResponse()

    def close(self) -> None:
        """Take no more lines."""
        self._server.stop(grace=None).wait()
        self._pool.shutdown(wait=False)
