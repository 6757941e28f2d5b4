"""Resource hooks and error hooks on the wire: how they are registered, and what they are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pulumi.runtime.proto import resource_pb2

from engine.errors import ProgramError
from engine.state.model import Resource
from engine.urn import name_of
from engine.values import Props
from engine.wire.callbacks import Callback, callback
from engine.wire.hook_options import options_of
from engine.wire.struct import encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One hook that a program has registered; `on_error` ones may ask for another try."""

    name: str
    function: Callback
    on_error: bool = False
    on_dry_run: bool = False
    ignore_errors: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a hook is told: the resource before and after, as far as either exists at that moment."""

    old: Resource | None
    new: Resource | None
    done: bool = False
    """Whether the step is done, so that the new outputs are known."""


def resource_hook(request: resource_pb2.RegisterResourceHookRequest) -> Hook:
    """The hook of a RegisterResourceHook request."""
    return Hook(
        name=request.name,
        function=callback(request.callback),
        on_dry_run=request.on_dry_run,
        ignore_errors=request.ignore_errors,
    )


def error_hook(request: resource_pb2.RegisterErrorHookRequest) -> Hook:
    """The hook of a RegisterErrorHook request."""
    return Hook(name=request.name, function=callback(request.callback), on_error=True)


def hook_request(occasion: Occasion) -> bytes:
    """What a resource hook is sent."""
    message = resource_pb2.ResourceHookRequest()
    _fill(message, occasion)
    if occasion.new is not None and occasion.done:
        message.new_outputs.CopyFrom(_struct(occasion.new.outputs))
    return message.SerializeToString()


def error_hook_request(occasion: Occasion, operation: str, errors: list[str]) -> bytes:
    """What an error hook is sent; the newest error comes first."""
    message = resource_pb2.ErrorHookRequest(failed_operation=operation, errors=errors)
    _fill(message, occasion)
    return message.SerializeToString()


def hook_error(reply: bytes) -> str:
    """What a resource hook complains of; empty when all is well."""
    return str(resource_pb2.ResourceHookResponse.FromString(reply).error)


def wants_retry(reply: bytes) -> bool:
    """Whether an error hook asks for another try."""
    response = resource_pb2.ErrorHookResponse.FromString(reply)
    if response.error:
        raise ProgramError(response.error)
    return bool(response.retry)


def _fill(message: Any, occasion: Occasion) -> None:
    old, new = occasion.old, occasion.new
    resource = new or old
    assert resource is not None
    message.urn, message.type, message.name = resource.urn, resource.type, name_of(resource.urn)
    message.id = resource.id or (old.id if old is not None and new is not None and not occasion.done else "")
    if new is not None:
        message.new_inputs.CopyFrom(_struct(new.inputs))
        message.new_options.CopyFrom(options_of(new))
    if old is not None:
        message.old_inputs.CopyFrom(_struct(old.inputs))
        message.old_outputs.CopyFrom(_struct(old.outputs))
        message.old_options.CopyFrom(options_of(old))


def _struct(props: Props) -> Any:
    return encode(props, keep_unknowns=True, keep_secrets=True, keep_resources=True, keep_outputs=True)
