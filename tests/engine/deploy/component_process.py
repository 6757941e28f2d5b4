"""A support file: a component provider in a process of its own, made with the SDK, and a thin client of it."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc

from engine.component_api import CallReply, CallRequest, ConstructReply, ConstructRequest, Surroundings
from engine.errors import ProviderError
from engine.provider_api import CheckFailure, Host, Info
from engine.wire.server import OPTIONS
from engine.wire.struct import decode, encode
from tests.engine.deploy.cloud import Cloud, CloudProvider

KEEP = {"keep_unknowns": True, "keep_secrets": True, "keep_resources": True, "keep_outputs": True}


class ComponentClient(CloudProvider):
    """Passes Construct and Call on; everything else goes to the pretended cloud."""

    def __init__(self, cloud: Cloud, host: Host, address: str) -> None:
        super().__init__(cloud, host)
        self._channel = grpc.insecure_channel(address, options=OPTIONS)
        self._stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        self.constructed: list[ConstructRequest] = []
        self.called: list[CallRequest] = []

    @property
    def info(self) -> Info:
        return Info(name="parts", version="1.0.0", accept_resources=True, accept_outputs=True)

    def construct(self, request: ConstructRequest) -> ConstructReply:
        self.constructed.append(request)
        deps = provider_pb2.ConstructRequest.PropertyDependencies
        message = provider_pb2.ConstructRequest(
            type=request.type,
            name=request.name,
            parent=request.parent,
            inputs=encode(request.inputs, **KEEP),
            inputDependencies={key: deps(urns=urns) for key, urns in request.input_dependencies.items()},
            providers=request.providers,
            dependencies=request.options.dependencies,
            protect=request.options.protect,
            **_around(request.surroundings),
        )
        reply = self._ask(lambda: self._stub.Construct(message))
        sources = {key: tuple(one.urns) for key, one in reply.stateDependencies.items()}
        return ConstructReply(urn=reply.urn, outputs=decode(reply.state), dependencies=sources)

    def call(self, request: CallRequest) -> CallReply:
        self.called.append(request)
        deps = provider_pb2.CallRequest.ArgumentDependencies
        message = provider_pb2.CallRequest(
            tok=request.token,
            args=encode(request.args, **KEEP),
            argDependencies={key: deps(urns=urns) for key, urns in request.arg_dependencies.items()},
            **_around(request.surroundings),
        )
        reply = self._ask(lambda: self._stub.Call(message))
        return CallReply(
            result=decode(getattr(reply, "return")),
            dependencies={key: tuple(one.urns) for key, one in reply.returnDependencies.items()},
            failures=[CheckFailure(one.property, one.reason) for one in reply.failures],
        )

    def close(self) -> None:
        super().close()
        self._channel.close()

    def _ask(self, ask: Any) -> Any:
        try:
            return ask()
        except grpc.RpcError as error:
            raise ProviderError(str(error.details())) from error


def _around(around: Surroundings) -> dict[str, Any]:
    return {
        "project": around.project,
        "stack": around.stack,
        "organization": around.organization,
        "monitorEndpoint": around.monitor,
        "config": around.config,
        "configSecretKeys": around.secret_keys,
        "dryRun": around.preview,
        "parallel": around.parallel,
    }


class _Log(engine_pb2_grpc.EngineServicer):
    def Log(self, _request: Any, _context: Any) -> Empty:
        return Empty()


@contextmanager
def provider_process(text: str, directory: Path) -> Iterator[str]:
    """The address of a provider whose program is `text`."""
    script = directory / "provider.py"
    script.write_text(textwrap.dedent(text))
    log = grpc.server(ThreadPoolExecutor(max_workers=4))
    engine_pb2_grpc.add_EngineServicer_to_server(_Log(), log)
    port = log.add_insecure_port("127.0.0.1:0")
    log.start()
    command = [sys.executable, "-u", str(script), f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=directory) as process:
        assert process.stdout is not None
        try:
            yield f"127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()
            log.stop(0).wait()
