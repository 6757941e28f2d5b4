"""A plugin around any of the engine's Python providers, so that other engines can use it over gRPC."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, plugin_pb2, provider_pb2, provider_pb2_grpc

from engine.errors import EngineError
from engine.provider_api import CheckReply, Host, Info, InvokeReply, Provider, ProviderFactory, Severity
from engine.values import Props
from engine.wire.plugin import asked
from engine.wire.plugin.faults import refuse
from engine.wire.plugin.replies import KINDS
from engine.wire.server import OPTIONS
from engine.wire.struct import encode

_LOUDNESS: Final = {
    Severity.DEBUG: engine_pb2.DEBUG,
    Severity.INFO: engine_pb2.INFO,
    Severity.WARNING: engine_pb2.WARNING,
    Severity.ERROR: engine_pb2.ERROR,
}
_THREADS: Final = 128
"""Each call under way holds one; engines limit themselves."""


class PluginHost:
    """The Host of a provider that is served: its log goes to the engine that called it."""

    def __init__(self) -> None:
        self._engine: Any = None
        self._cancelled = threading.Event()

    @property
    def directory(self) -> str:
        """Engines start plugins in the program's folder."""
        return os.getcwd()  # noqa: PTH109 - a text is what is asked for

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment of this process."""
        return os.environ

    def log(self, severity: Severity, message: str, *, urn: str = "", ephemeral: bool = False) -> None:
        """Show a line to the user; where nobody listens, on stderr."""
        request = engine_pb2.LogRequest(severity=_LOUDNESS[severity], message=message, urn=urn, ephemeral=ephemeral)
        try:
            if self._engine is not None:
                self._engine.Log(request, timeout=5)
                return
        except grpc.RpcError:
            self._engine = None
        print(message, file=sys.stderr, flush=True)

    def cancelled(self) -> bool:
        """Whether the engine said to stop."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """The engine says to stop."""
        self._cancelled.set()

    def meet(self, address: str) -> None:
        """The engine to which log lines go."""
        if address:
            self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address, options=OPTIONS))


class ProviderServicer(provider_pb2_grpc.ResourceProviderServicer):
    """Passes every call on to a provider; components are not among them."""

    def __init__(self, factory: Callable[[Host], Provider], engine: str = "") -> None:
        self._host = PluginHost()
        self._host.meet(engine)
        self._provider = factory(self._host)

    def Handshake(self, request: Any, _context: Any) -> Any:
        self._host.meet(request.engine_address)
        info = self._provider.info
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=info.accept_secrets,
            accept_resources=info.accept_resources,
            accept_outputs=info.accept_outputs,
        )

    def Attach(self, request: Any, _context: Any) -> Empty:
        self._host.meet(request.address)
        return Empty()

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=self._provider.info.version)

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return _served(context, lambda: _checked(self._provider.check_config(asked.check(request))))

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return _served(context, lambda: _compared(self._provider.diff_config(asked.diff(request))))

    def Configure(self, request: Any, context: Any) -> Any:
        _served(context, lambda: self._provider.configure(asked.settings(request, self._info)))
        info = self._info
        return provider_pb2.ConfigureResponse(
            acceptSecrets=info.accept_secrets,
            acceptResources=info.accept_resources,
            acceptOutputs=info.accept_outputs,
            supportsPreview=info.supports_preview,
        )

    def Check(self, request: Any, context: Any) -> Any:
        return _served(context, lambda: _checked(self._provider.check(asked.check(request))))

    def Diff(self, request: Any, context: Any) -> Any:
        return _served(context, lambda: _compared(self._provider.diff(asked.diff(request))))

    def Create(self, request: Any, context: Any) -> Any:
        def create() -> Any:
            if request.preview and not self._info.supports_preview:
                return provider_pb2.CreateResponse(properties=request.properties)
            reply = self._provider.create(asked.create(request))
            return provider_pb2.CreateResponse(id=reply.id, properties=_encoded(reply.outputs))

        return _served(context, create)

    def Read(self, request: Any, context: Any) -> Any:
        def read() -> Any:
            reply = self._provider.read(asked.read(request))
            if not reply.id:
                return provider_pb2.ReadResponse()
            inputs = None if reply.inputs is None else _encoded(reply.inputs)
            return provider_pb2.ReadResponse(id=reply.id, properties=_encoded(reply.outputs), inputs=inputs)

        return _served(context, read)

    def Update(self, request: Any, context: Any) -> Any:
        def update() -> Any:
            if request.preview and not self._info.supports_preview:
                return provider_pb2.UpdateResponse(properties=request.news)
            return provider_pb2.UpdateResponse(
                properties=_encoded(self._provider.update(asked.update(request)).outputs)
            )

        return _served(context, update)

    def Delete(self, request: Any, context: Any) -> Empty:
        _served(context, lambda: self._provider.delete(asked.delete(request)))
        return Empty()

    def Invoke(self, request: Any, context: Any) -> Any:
        return _served(context, lambda: _invoked(self._provider.invoke(asked.invoke(request))))

    def Cancel(self, _request: Any, _context: Any) -> Empty:
        self._host.cancel()
        self._provider.cancel()
        return Empty()

    def close(self) -> None:
        """Let go of what the provider holds."""
        self._provider.close()

    @property
    def _info(self) -> Info:
        return self._provider.info


def serve(factory: ProviderFactory, arguments: Sequence[str]) -> None:
    """Serve until interrupted; prints the port first, as engines expect. The last argument is the engine's address."""
    engine = next((one for one in reversed(arguments) if not one.startswith("-")), "")
    servicer = ProviderServicer(factory, engine)
    server = grpc.server(ThreadPoolExecutor(_THREADS), options=OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    server.start()
    print(port, flush=True)
    over.wait()
    server.stop(grace=1.0).wait()
    servicer.close()


def _served(context: Any, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except EngineError as error:
        return refuse(context, error)


def _encoded(props: Props) -> Any:
    # Engines understand all of these; what they may not see themselves is theirs to strip.
    return encode(props, keep_unknowns=True, keep_secrets=True, keep_resources=True)


def _checked(reply: CheckReply) -> Any:
    return provider_pb2.CheckResponse(inputs=_encoded(reply.inputs), failures=_failures(reply))


def _compared(reply: Any) -> Any:
    detailed = {
        path: provider_pb2.PropertyDiff(kind=KINDS.index(one.kind), inputDiff=one.input_diff)  # type: ignore[arg-type]  # protobuf's own number
        for path, one in reply.detailed.items()
    }
    return provider_pb2.DiffResponse(
        changes=reply.changes.value,
        replaces=list(reply.replaces),
        stables=list(reply.stables),
        deleteBeforeReplace=reply.delete_before_replace,
        diffs=list(reply.diffs),
        detailedDiff=detailed,
        hasDetailedDiff=bool(detailed),
    )


def _invoked(reply: InvokeReply) -> Any:
    response = provider_pb2.InvokeResponse(failures=_failures(reply))
    getattr(response, "return").CopyFrom(_encoded(reply.result))
    return response


def _failures(reply: CheckReply | InvokeReply) -> list[Any]:
    return [provider_pb2.CheckFailure(property=one.property, reason=one.reason) for one in reply.failures]
