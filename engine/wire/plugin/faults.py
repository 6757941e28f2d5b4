"""Errors of plugin calls: from gRPC's statuses to the engine's tree, and back again for plugins that we serve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import grpc
from google.protobuf.message import DecodeError
from pulumi.runtime.proto import errors_pb2, provider_pb2

from engine.errors import EngineError, InitFailed, ProviderError, UnsupportedError
from engine.wire.plugin.status import status_class
from engine.wire.struct import decode, encode
from engine.wire.trace import user_frames

_T = TypeVar("_T")
_DETAILS: Final = "grpc-status-details-bin"
_BROKEN: Final = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.DEADLINE_EXCEEDED})
_MALFORMED: Final = (DecodeError, AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError)


class NotDone(UnsupportedError):
    """The plugin does not have this call."""


class Malformed(ProviderError):
    """The plugin's reply makes no sense."""


def fault(error: grpc.RpcError, label: str, call: str, ending: Callable[[], str]) -> EngineError:
    """What a failed call means; `label` names plugin, version and path, `ending` tells how its process ended."""
    code, details = error.code(), user_frames(error.details() or "")
    if code is grpc.StatusCode.UNIMPLEMENTED:
        return NotDone(f"{label} does not do {call}: {details}".rstrip(": "))
    if code in _BROKEN:
        how = ending() or f"{code.name.lower().replace('_', ' ')}: {details}"
        return ProviderError(f"{label} broke off during {call}: {how}")
    try:
        return _detailed(error, details) or ProviderError(details or f"{label} failed during {call} and gave no reason")
    except _MALFORMED as exc:
        return Malformed(f"{label} failed during {call} with malformed details: {details}", hint=str(exc))


def sane(label: str, call: str, read: Callable[[], _T]) -> _T:
    """What a reply holds; ProviderError naming the plugin when it is garbage."""
    try:
        return read()
    except _MALFORMED as exc:
        what = f"{type(exc).__name__}: {exc}"
        raise Malformed(f"{label} gave a malformed reply to {call} ({what})") from exc


def _detailed(error: grpc.RpcError, message: str) -> EngineError | None:
    for detail in _details(error):
        if detail.Is(provider_pb2.ErrorResourceInitFailed.DESCRIPTOR):
            return _init_failed(_unpacked(detail, provider_pb2.ErrorResourceInitFailed()), message)
        if detail.Is(provider_pb2.ConfigureErrorMissingKeys.DESCRIPTOR):
            missing = _unpacked(detail, provider_pb2.ConfigureErrorMissingKeys()).missingKeys
            keys = "".join(f"\n  {one.name}: {one.description}" for one in missing)
            return ProviderError(f"{message}{keys}")
        if detail.Is(errors_pb2.InputPropertiesError.DESCRIPTOR):
            wrong = _unpacked(detail, errors_pb2.InputPropertiesError()).errors
            return ProviderError(
                f"{message}{''.join(f'{chr(10)}  {one.property_path}: {one.reason}' for one in wrong)}"
            )
    return None


def _init_failed(detail: Any, message: str) -> InitFailed:
    return InitFailed(
        id=detail.id,
        properties=decode(detail.properties),
        reasons=list(detail.reasons) or [message],
        inputs=decode(detail.inputs) if detail.HasField("inputs") else None,
    )


def _details(error: grpc.RpcError) -> list[Any]:
    trailers: Any = error.trailing_metadata() or ()
    found = next((value for key, value in trailers if key == _DETAILS), None)
    return [] if found is None else list(status_class().FromString(found).details)


def _unpacked(detail: Any, message: Any) -> Any:
    detail.Unpack(message)
    return message


def refuse(context: Any, error: EngineError) -> None:
    """End a served call with the status that says what the error says; never returns."""
    text = f"{error.message}\n  {error.hint}" if error.hint else error.message
    if isinstance(error, UnsupportedError):
        context.abort(grpc.StatusCode.UNIMPLEMENTED, text)
    if isinstance(error, InitFailed):
        status = status_class()(code=grpc.StatusCode.UNKNOWN.value[0], message=text)
        status.details.add().Pack(
            provider_pb2.ErrorResourceInitFailed(
                id=error.id,
                properties=encode(error.properties, keep_secrets=True, keep_resources=True),
                reasons=list(error.reasons),
                inputs=None if error.inputs is None else encode(error.inputs, keep_secrets=True, keep_resources=True),
            )
        )
        context.set_trailing_metadata(((_DETAILS, status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, text)
