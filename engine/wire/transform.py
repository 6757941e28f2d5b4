"""Transforms on the wire: a registration or a function call as a program's transform sees and changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from pulumi.runtime.proto import alias_pb2, resource_pb2

from engine.state.model import Timeouts
from engine.values import UNKNOWN, OutputValue, Props, Secret, Value
from engine.wire.hook_binding import bindings, fill_bindings
from engine.wire.registration import Alias, FunctionCall, ProviderChoice, Registration, alias, timeouts, urns
from engine.wire.struct import decode, decode_value, encode

_UNITS: Final = (("h", 3600), ("m", 60))


def transform_request(request: Registration) -> bytes:
    """What a resource transform is sent."""
    message = resource_pb2.TransformRequest(
        type=request.type, name=request.name, custom=request.custom, parent=request.parent, options=_options(request)
    )
    message.properties.CopyFrom(_struct(request.inputs))
    return message.SerializeToString()


def transformed(request: Registration, reply: bytes) -> Registration:
    """The registration as a transform wants it; what the reply leaves out stays."""
    message = resource_pb2.TransformResponse.FromString(reply)
    if message.HasField("properties"):
        request = replace(request, inputs=decode(message.properties))
    return _with_options(request, message.options) if message.HasField("options") else request


def invoke_transform_request(request: FunctionCall) -> bytes:
    """What an invoke transform is sent."""
    choice = request.provider
    options = resource_pb2.TransformInvokeOptions(
        provider=choice.reference, version=choice.version, plugin_download_url=choice.url
    )
    message = resource_pb2.TransformInvokeRequest(token=request.token, options=options)
    message.args.CopyFrom(_struct(request.args))
    return message.SerializeToString()


def transformed_invoke(request: FunctionCall, reply: bytes) -> FunctionCall:
    """The function call as a transform wants it."""
    message = resource_pb2.TransformInvokeResponse.FromString(reply)
    if message.HasField("args"):
        request = replace(request, args=decode(message.args))
    return replace(request, provider=_choice(message.options)) if message.HasField("options") else request


def as_outputs(value: Value) -> Value:
    """The value with secrets and unknowns as output values, which is how transforms see them."""
    if isinstance(value, Secret):
        inner = as_outputs(value.value)
        merged = inner if isinstance(inner, OutputValue) else OutputValue(value=inner)
        return replace(merged, secret=True)
    if value is UNKNOWN:
        return OutputValue()
    if isinstance(value, OutputValue):
        return value if value.value is UNKNOWN else replace(value, value=as_outputs(value.value))
    if isinstance(value, Mapping):
        return {key: as_outputs(item) for key, item in value.items()}
    return [as_outputs(item) for item in value] if isinstance(value, list) else value


def _struct(props: Props) -> Any:
    return encode(props, keep_unknowns=True, keep_secrets=True, keep_resources=True, keep_outputs=True)


def _options(request: Registration) -> resource_pb2.TransformResourceOptions:
    options = resource_pb2.TransformResourceOptions(
        depends_on=request.dependencies,
        ignore_changes=request.ignore_changes,
        replace_on_changes=request.replace_on_changes,
        hide_diff=request.hide_diff,
        additional_secret_outputs=request.additional_secret_outputs,
        aliases=[_alias_message(one) for one in request.aliases],
        provider=request.provider.reference,
        version=request.provider.version,
        plugin_download_url=request.provider.url,
        providers=request.providers,
        deleted_with=request.deleted_with,
        replace_with=request.replace_with,
        # None leaves these three unset, which is not the same as False.
        protect=request.protect,
        retain_on_delete=request.retain_on_delete,
        delete_before_replace=request.delete_before_replace,
    )
    setattr(options, "import", request.import_id)
    if request.timeouts != Timeouts():
        for kind in ("create", "update", "delete", "read"):
            setattr(options.custom_timeouts, kind, _duration(getattr(request.timeouts, kind)))
    if request.replacement_trigger is not None:
        options.replacement_trigger.CopyFrom(_struct({"trigger": request.replacement_trigger}).fields["trigger"])
    if request.hooks:
        fill_bindings(options.hooks, request.hooks)
    return options


def _with_options(request: Registration, options: resource_pb2.TransformResourceOptions) -> Registration:
    return replace(
        request,
        dependencies=urns(options.depends_on),
        ignore_changes=tuple(options.ignore_changes),
        replace_on_changes=tuple(options.replace_on_changes),
        hide_diff=tuple(options.hide_diff),
        additional_secret_outputs=tuple(options.additional_secret_outputs),
        aliases=tuple(alias(one) for one in options.aliases),
        provider=_choice(options),
        providers=dict(options.providers),
        deleted_with=options.deleted_with,
        replace_with=urns(options.replace_with),
        protect=options.protect if options.HasField("protect") else None,
        retain_on_delete=options.retain_on_delete if options.HasField("retain_on_delete") else None,
        delete_before_replace=options.delete_before_replace if options.HasField("delete_before_replace") else None,
        import_id=getattr(options, "import"),
        timeouts=timeouts(options.custom_timeouts) if options.HasField("custom_timeouts") else Timeouts(),
        replacement_trigger=decode_value(options.replacement_trigger),
        hooks=bindings(options.hooks),
    )


def _choice(options: Any) -> ProviderChoice:
    return ProviderChoice(reference=options.provider, version=options.version, url=options.plugin_download_url)


def _alias_message(one: Alias) -> alias_pb2.Alias:
    if one.urn:
        return alias_pb2.Alias(urn=one.urn)
    spec = alias_pb2.Alias.Spec(
        name=one.name or "", type=one.type or "", stack=one.stack or "", project=one.project or ""
    )
    if one.no_parent:
        spec.noParent = True
    elif one.parent is not None:
        spec.parentUrn = one.parent
    return alias_pb2.Alias(spec=spec)


def _duration(seconds: float) -> str:
    text = ""
    for unit, size in _UNITS:
        count, seconds = divmod(seconds, size)
        text += f"{count:.0f}{unit}" if count else ""
    return f"{text}{seconds:.9g}s" if seconds else text
