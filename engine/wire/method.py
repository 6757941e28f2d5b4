"""Method calls of programs (the monitor's Call), between protobuf and plain dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi.runtime.proto import provider_pb2, resource_pb2

from engine.component_api import CallReply
from engine.values import Props
from engine.wire.registration import ProviderChoice, choice
from engine.wire.struct import decode, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodCall:
    """One Call request; arguments keep their output values."""

    token: str
    args: Props
    provider: ProviderChoice
    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def method_call(request: resource_pb2.ResourceCallRequest) -> MethodCall:
    """What a Call request says."""
    return MethodCall(
        token=request.tok,
        args=decode(request.args),
        dependencies={key: tuple(sorted(set(deps.urns))) for key, deps in request.argDependencies.items()},
        provider=choice(request),
    )


def call_response(reply: CallReply) -> Any:
    """A method's answer, as programs read it."""
    response = provider_pb2.CallResponse(
        failures=[provider_pb2.CheckFailure(property=one.property, reason=one.reason) for one in reply.failures]
    )
    for key, urns in reply.dependencies.items():
        response.returnDependencies[key].urns.extend(urns)
    result = encode(reply.result, keep_unknowns=True, keep_secrets=True, keep_resources=True)
    getattr(response, "return").CopyFrom(result)
    return response
