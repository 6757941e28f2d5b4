"""A support file: serves a recorder as a plugin, so that any engine can attach to it or launch it.

`python -m tests.engine.golden.wire_server LOG` prints its port, as plugins do, and writes each call to LOG.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from engine.errors import EngineError, InitFailed
from engine.provider_api import (
    CheckFailure,
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    DiffChanges,
    DiffKind,
    DiffReply,
    DiffRequest,
    Host,
    InvokeRequest,
    ReadRequest,
    Severity,
    UpdateRequest,
)
from engine.values import Props
from engine.wire.plugin.status import status_class
from engine.wire.struct import decode, encode
from tests.engine.golden.recorder import Recorder, Recording

_LIMIT: Final = 400 * 1024 * 1024
_KINDS: Final = {kind: number for number, kind in enumerate(DiffKind)}
_CHANGES: Final = {DiffChanges.UNKNOWN: 0, DiffChanges.NONE: 1, DiffChanges.SOME: 2}


class _Alone(Host):
    """What a provider may ask for when no engine is around it."""

    @property
    def directory(self) -> str:
        return "."

    @property
    def environment(self) -> dict[str, str]:
        return {}

    def log(self, severity: Severity, message: str, *, urn: str = "", ephemeral: bool = False) -> None:
        """Nobody listens."""

    def cancelled(self) -> bool:
        return False


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """Pulumi's provider protocol over a recorder."""

    def __init__(self, cloud: Recording) -> None:
        self.cloud = cloud
        self.provider = Recorder(cloud, _Alone())

    def Handshake(self, request: Any, context: Any) -> Any:
        self.cloud.note("handshake")
        info = self.provider.info
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=info.accept_secrets,
            accept_resources=info.accept_resources,
            accept_outputs=info.accept_outputs,
        )

    def Attach(self, request: Any, context: Any) -> Any:
        self.cloud.note("attach")
        return Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        self.cloud.note("get_plugin_info")
        return plugin_pb2.PluginInfo(version=self.provider.info.version)

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return _checked(self.provider.check_config(_check(request)))

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return _differing(self.provider.diff_config(_diff(request)))

    def Configure(self, request: Any, context: Any) -> Any:
        self.provider.configure(decode(request.args))
        info = self.provider.info
        return provider_pb2.ConfigureResponse(
            acceptSecrets=info.accept_secrets,
            acceptResources=info.accept_resources,
            acceptOutputs=info.accept_outputs,
            supportsPreview=info.supports_preview,
        )

    def Check(self, request: Any, context: Any) -> Any:
        return _checked(self.provider.check(_check(request)))

    def Diff(self, request: Any, context: Any) -> Any:
        return _differing(self.provider.diff(_diff(request)))

    def Create(self, request: Any, context: Any) -> Any:
        asked = CreateRequest(
            **_identity(request), inputs=decode(request.properties), timeout=request.timeout, preview=request.preview
        )
        reply = _answer(lambda: self.provider.create(asked), context)
        return provider_pb2.CreateResponse(id=reply.id, properties=_struct(reply.outputs))

    def Read(self, request: Any, context: Any) -> Any:
        asked = ReadRequest(
            **_identity(request),
            id=request.id,
            inputs=decode(request.inputs),
            outputs=decode(request.properties),
            timeout=request.timeout,
        )
        reply = _answer(lambda: self.provider.read(asked), context)
        inputs = None if reply.inputs is None else _struct(reply.inputs)
        return provider_pb2.ReadResponse(id=reply.id, properties=_struct(reply.outputs), inputs=inputs)

    def Update(self, request: Any, context: Any) -> Any:
        asked = UpdateRequest(
            **_identity(request),
            id=request.id,
            olds=decode(request.olds),
            old_inputs=decode(request.old_inputs),
            news=decode(request.news),
            timeout=request.timeout,
            ignore_changes=tuple(request.ignoreChanges),
            preview=request.preview,
        )
        reply = _answer(lambda: self.provider.update(asked), context)
        return provider_pb2.UpdateResponse(properties=_struct(reply.outputs))

    def Delete(self, request: Any, context: Any) -> Any:
        asked = DeleteRequest(
            **_identity(request),
            id=request.id,
            inputs=decode(request.old_inputs),
            outputs=decode(request.properties),
            timeout=request.timeout,
        )
        _answer(lambda: self.provider.delete(asked), context)
        return Empty()

    def Invoke(self, request: Any, context: Any) -> Any:
        reply = self.provider.invoke(
            InvokeRequest(token=request.tok, args=decode(request.args), preview=request.preview)
        )
        return provider_pb2.InvokeResponse(**{"return": _struct(reply.result)}, failures=_failures(reply.failures))

    def Cancel(self, request: Any, context: Any) -> Any:
        self.provider.cancel()
        return Empty()


def _identity(request: Any) -> dict[str, str]:
    kind = request.urn.split("::")[2].rpartition("$")[2]
    return {"urn": request.urn, "type": request.type or kind, "name": request.name or request.urn.split("::", 3)[3]}


def _check(request: Any) -> CheckRequest:
    olds = decode(request.olds) if request.HasField("olds") else None
    return CheckRequest(**_identity(request), olds=olds, news=decode(request.news), random_seed=request.randomSeed)


def _diff(request: Any) -> DiffRequest:
    return DiffRequest(
        **_identity(request),
        id=request.id,
        olds=decode(request.olds),
        old_inputs=decode(request.old_inputs),
        news=decode(request.news),
        ignore_changes=tuple(request.ignoreChanges),
    )


def _checked(reply: Any) -> Any:
    return provider_pb2.CheckResponse(inputs=_struct(reply.inputs), failures=_failures(reply.failures))


def _failures(failures: Sequence[CheckFailure]) -> list[Any]:
    return [provider_pb2.CheckFailure(property=one.property, reason=one.reason) for one in failures]


def _differing(reply: DiffReply) -> Any:
    detailed = {
        path: provider_pb2.PropertyDiff(kind=_KINDS[one.kind], inputDiff=one.input_diff)  # type: ignore[arg-type] # by number
        for path, one in reply.detailed.items()
    }
    return provider_pb2.DiffResponse(
        changes=_CHANGES[reply.changes],  # type: ignore[arg-type] # by number
        replaces=list(reply.replaces),
        stables=list(reply.stables),
        diffs=list(reply.diffs),
        deleteBeforeReplace=reply.delete_before_replace,
        detailedDiff=detailed,
        hasDetailedDiff=bool(detailed),
    )


def _answer(work: Any, context: Any) -> Any:
    try:
        return work()
    except InitFailed as failure:
        _abort_half_way(failure, context)
    except EngineError as error:
        context.abort(grpc.StatusCode.UNKNOWN, error.message)


def _abort_half_way(failure: InitFailed, context: Any) -> NoReturn:
    detail = AnyMessage()
    detail.Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=failure.id,
            properties=_struct(failure.properties),
            reasons=list(failure.reasons),
            inputs=None if failure.inputs is None else _struct(failure.inputs),
        )
    )
    status = status_class()(code=grpc.StatusCode.UNKNOWN.value[0], message="not initialized", details=[detail])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, "not initialized")
    raise AssertionError("abort raises")


def _struct(props: Props) -> Any:
    return encode(props, keep_unknowns=True, keep_secrets=True, keep_resources=True, keep_outputs=True)


@contextmanager
def serving(cloud: Recording, servicer: Servicer | None = None) -> Iterator[int]:
    """The port of a server in this process, for as long as the context is open."""
    limits = [("grpc.max_receive_message_length", _LIMIT), ("grpc.max_send_message_length", _LIMIT)]
    server = grpc.server(ThreadPoolExecutor(max_workers=16), options=limits)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer or Servicer(cloud), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        server.stop(0).wait()


class _Writing(Recording):
    """A recording that is also written to a file, for other processes to read."""

    path: Path

    def note(self, call: str, **payload: Any) -> None:
        super().note(call, **payload)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(self.log[-1]) + "\n")


def main(path: str) -> None:
    """Serve until killed, with the port as the first line of output."""
    cloud = _Writing()
    cloud.path = Path(path)
    with serving(cloud) as port:
        print(port, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
