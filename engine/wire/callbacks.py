"""A client of the Callbacks service, behind which a program keeps the functions that the engine may call."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import grpc
import grpc.aio
from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc

from engine.errors import EngineError, ProgramError
from engine.wire.limits import OPTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """One function of a program: where it is served, and by which name."""

    target: str
    token: str


def callback(message: callback_pb2.Callback) -> Callback:
    """The function that a request names."""
    if not message.target or not message.token:
        raise EngineError("a callback came without its target or token")
    return Callback(target=message.target, token=message.token)


class Dialer:
    """Calls functions of programs; one connection for each program's server. Used from the engine's loop alone."""

    def __init__(self) -> None:
        self._channels: dict[str, Any] = {}

    async def call(self, function: Callback, request: bytes) -> bytes:
        """The function's answer; a ProgramError tells what it raised."""
        if function.target not in self._channels:
            self._channels[function.target] = grpc.aio.insecure_channel(function.target, options=OPTIONS)
        stub = callback_pb2_grpc.CallbacksStub(self._channels[function.target])
        message = callback_pb2.CallbackInvokeRequest(token=function.token, request=request)
        try:
            reply = await stub.Invoke(message)
        except grpc.aio.AioRpcError as error:
            raise ProgramError(str(error.details())) from error
        return bytes(reply.response)

    async def close(self) -> None:
        """Hang up."""
        channels = list(self._channels.values())
        self._channels.clear()
        await asyncio.gather(*(channel.close() for channel in channels))
