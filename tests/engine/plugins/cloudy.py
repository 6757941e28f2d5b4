"""A support file: a provider plugin on plain gRPC, run as a process; what its resources say decides how it misbehaves.

CLOUDY_LOG names the file that gets one line of JSON for each call. CLOUDY_OLD=1 makes it one from before
handshakes, CLOUDY_DEAF=1 one that interrupts don't end.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

CHANGES = (provider_pb2.DiffResponse.DIFF_NONE, provider_pb2.DiffResponse.DIFF_SOME)
SERVERS: list[grpc.Server] = []
OLD = os.environ.get("CLOUDY_OLD") == "1"


def note(call: str, request: Any) -> None:
    path = os.environ.get("CLOUDY_LOG")
    if path:
        with open(path, "a", encoding="utf-8") as log:  # noqa: PTH123 - one line, appended at once
            log.write(json.dumps({"call": call, "pid": os.getpid(), "request": MessageToDict(request)}) + "\n")


def struct(**props: Any) -> Struct:
    made = Struct()
    made.update(props)
    return made


class Cloudy(provider_pb2_grpc.ResourceProviderServicer):
    """Makes anything; `value` may ask it to die, hang, talk, be half done, or answer nonsense."""

    def __init__(self, engine: str) -> None:
        self.engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(engine)) if engine else None
        self.cancelled = threading.Event()

    def Handshake(self, request: Any, context: Any) -> Any:
        note("Handshake", request)
        if OLD:
            return super().Handshake(request, _refusing(context))
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True, accept_outputs=True)

    def Attach(self, request: Any, _context: Any) -> Empty:
        note("Attach", request)
        self.engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(request.address))
        return Empty()

    def GetPluginInfo(self, request: Any, _context: Any) -> Any:
        note("GetPluginInfo", request)
        return plugin_pb2.PluginInfo(version="1.2.3")

    def CheckConfig(self, request: Any, context: Any) -> Any:
        note("CheckConfig", request)
        if OLD:
            return super().CheckConfig(request, _refusing(context))
        return provider_pb2.CheckResponse(inputs=request.news)

    def Configure(self, request: Any, _context: Any) -> Any:
        note("Configure", request)
        return provider_pb2.ConfigureResponse(acceptSecrets=not OLD)

    def Check(self, request: Any, _context: Any) -> Any:
        note("Check", request)
        if request.news.fields["value"].string_value == "wrong":
            return provider_pb2.CheckResponse(
                failures=[provider_pb2.CheckFailure(property="value", reason="it is wrong")]
            )
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, _context: Any) -> Any:
        note("Diff", request)
        same = MessageToDict(request.old_inputs) == MessageToDict(request.news)
        return provider_pb2.DiffResponse(changes=CHANGES[not same])

    def Create(self, request: Any, context: Any) -> Any:
        note("Create", request)
        wish = request.properties.fields["value"].string_value
        if not request.preview and wish in WISHES:
            return WISHES[wish](self, request, context)
        outputs = struct(**MessageToDict(request.properties), made="" if request.preview else "yes")
        return provider_pb2.CreateResponse(id="" if request.preview else f"id-{request.name}", properties=outputs)

    def Read(self, request: Any, _context: Any) -> Any:
        note("Read", request)
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    def Update(self, request: Any, _context: Any) -> Any:
        note("Update", request)
        return provider_pb2.UpdateResponse(properties=struct(**MessageToDict(request.news), made="again"))

    def Delete(self, request: Any, _context: Any) -> Empty:
        note("Delete", request)
        return Empty()

    def Invoke(self, request: Any, _context: Any) -> Any:
        note("Invoke", request)
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(struct(echo=MessageToDict(request.args)))
        return response

    def Cancel(self, request: Any, _context: Any) -> Empty:
        note("Cancel", request)
        self.cancelled.set()
        return Empty()


def _refusing(context: Any) -> Any:
    context.abort(grpc.StatusCode.UNIMPLEMENTED, "too old for that")


def _die(_cloudy: Cloudy, _request: Any, _context: Any) -> Any:
    print("I am done for", file=sys.stderr, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def _hang(_cloudy: Cloudy, _request: Any, _context: Any) -> Any:
    time.sleep(600)


def _freeze(_cloudy: Cloudy, _request: Any, _context: Any) -> Any:
    os.kill(os.getpid(), signal.SIGSTOP)


def _hang_up(_cloudy: Cloudy, _request: Any, _context: Any) -> Any:
    SERVERS[0].stop(0)
    time.sleep(600)


def _heed(cloudy: Cloudy, _request: Any, context: Any) -> Any:
    cloudy.cancelled.wait(60)
    context.abort(grpc.StatusCode.UNKNOWN, "stopped as I was told to")


def _half(_cloudy: Cloudy, request: Any, context: Any) -> Any:
    status = status_pb2.Status(code=2, message="half done")
    status.details.add().Pack(
        provider_pb2.ErrorResourceInitFailed(
            id="half", properties=struct(value="half"), reasons=["not ready", "still not"], inputs=request.properties
        )
    )
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, "half done")


def _refuse(_cloudy: Cloudy, _request: Any, context: Any) -> Any:
    context.abort(grpc.StatusCode.UNKNOWN, "the cloud is full")


def _garbled(_cloudy: Cloudy, _request: Any, context: Any) -> Any:
    context.set_trailing_metadata((("grpc-status-details-bin", b"\xff\xff\xff"),))
    context.abort(grpc.StatusCode.UNKNOWN, "garbled")


def _talk(cloudy: Cloudy, request: Any, _context: Any) -> Any:
    print("a line on stdout", flush=True)
    print("a line on stderr", file=sys.stderr, flush=True)
    assert cloudy.engine is not None
    cloudy.engine.Log(engine_pb2.LogRequest(severity=engine_pb2.WARNING, message="a warning", urn=request.urn))
    return provider_pb2.CreateResponse(id="talked", properties=request.properties)


def _nameless(_cloudy: Cloudy, request: Any, _context: Any) -> Any:
    return provider_pb2.CreateResponse(properties=request.properties)


def _nonsense(_cloudy: Cloudy, _request: Any, _context: Any) -> Any:
    marked = struct()
    marked["value"] = {"4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", "urn": None, "id": 5}
    marked["other"] = {"4dabf18193072939515e22adb298388d": "8ad145fe-0d11-4827-bfd7-1abcbf086f5c", "value": "zz"}
    return provider_pb2.CreateResponse(id="nonsense", properties=marked)


def _unknown(_cloudy: Cloudy, _request: Any, _context: Any) -> Any:
    return provider_pb2.CreateResponse(id="x", properties=struct(value="04da6b54-80e4-46f7-96ec-b56ff0331ba9"))


def _wrong(_cloudy: Cloudy, _request: Any, _context: Any) -> Any:
    return "not a message"


WISHES = {
    "die": _die,
    "freeze": _freeze,
    "garbled": _garbled,
    "half": _half,
    "hang": _hang,
    "hang up": _hang_up,
    "heed": _heed,
    "nameless": _nameless,
    "nonsense": _nonsense,
    "refuse": _refuse,
    "talk": _talk,
    "unknown": _unknown,
    "wrong kind": _wrong,
}


def main() -> None:
    if os.environ.get("CLOUDY_DEAF") == "1":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = grpc.server(ThreadPoolExecutor(16))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Cloudy(sys.argv[-1] if len(sys.argv) > 1 else ""), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    SERVERS.append(server)
    print(port, flush=True)
    try:
        server.wait_for_termination()
    except KeyboardInterrupt:
        server.stop(0)


if __name__ == "__main__":
    main()
