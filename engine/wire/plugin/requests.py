"""Requests to a provider plugin: from the engine's dataclasses to protobuf, by the rules of what each may carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi.runtime.proto import alias_pb2, provider_pb2

from engine.component_api import CallRequest, ComponentOptions, ConstructRequest
from engine.provider_api import (
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    DiffRequest,
    Info,
    InvokeRequest,
    ReadRequest,
    UpdateRequest,
)
from engine.values import Props
from engine.values_walk import plain
from engine.wire.hook_binding import fill_bindings
from engine.wire.plugin.contents import without_contents
from engine.wire.struct import encode


class Marshal:
    """Encodes values as one plugin takes them."""

    def __init__(self, info: Info) -> None:
        self._info = info

    def whole(self, props: Props, *, unknowns: bool) -> Any:
        """Properties with the contents of their assets."""
        return encode(
            props,
            keep_unknowns=unknowns,
            keep_secrets=self._info.accept_secrets,
            keep_resources=self._info.accept_resources,
        )

    def hashed(self, props: Props, *, unknowns: bool = False) -> Any:
        """Properties with no more of their assets than the hash."""
        return self.whole({key: without_contents(item) for key, item in props.items()}, unknowns=unknowns)

    def arguments(self, props: Props, *, unknowns: bool) -> Any:
        """Arguments of a component or a method, which may be outputs."""
        info = self._info
        return encode(
            props,
            keep_unknowns=unknowns,
            keep_secrets=info.accept_secrets,
            keep_resources=info.accept_resources,
            keep_outputs=info.accept_outputs,
        )


def check_config(request: CheckRequest) -> Any:
    """Settings to check: no plugin has said by then whether it takes secrets."""
    return provider_pb2.CheckRequest(
        urn=request.urn,
        name=request.name,
        type=request.type,
        olds=None if request.olds is None else encode(plain(request.olds), keep_unknowns=True),
        news=encode(plain(request.news), keep_unknowns=True),
    )


def diff_config(request: DiffRequest) -> Any:
    """Settings to compare."""
    return provider_pb2.DiffRequest(
        id=request.id,
        urn=request.urn,
        name=request.name,
        type=request.type,
        olds=encode(plain(request.olds), keep_unknowns=True),
        old_inputs=encode(plain(request.old_inputs), keep_unknowns=True),
        news=encode(plain(request.news), keep_unknowns=True),
        ignoreChanges=request.ignore_changes,
    )


def check(request: CheckRequest, marshal: Marshal) -> Any:
    """Inputs to check; assets with their contents."""
    return provider_pb2.CheckRequest(
        urn=request.urn,
        name=request.name,
        type=request.type,
        olds=None if request.olds is None else marshal.whole(request.olds, unknowns=True),
        news=marshal.whole(request.news, unknowns=True),
        randomSeed=request.random_seed,
    )


def diff(request: DiffRequest, marshal: Marshal) -> Any:
    """Old and new; unknowns also stand for what a replacement upstream will change."""
    return provider_pb2.DiffRequest(
        id=request.id,
        urn=request.urn,
        name=request.name,
        type=request.type,
        olds=marshal.hashed(request.olds, unknowns=True),
        old_inputs=marshal.hashed(request.old_inputs, unknowns=True),
        news=marshal.hashed(request.news, unknowns=True),
        ignoreChanges=request.ignore_changes,
    )


def create(request: CreateRequest, marshal: Marshal) -> Any:
    """What to make."""
    return provider_pb2.CreateRequest(
        urn=request.urn,
        name=request.name,
        type=request.type,
        properties=marshal.whole(request.inputs, unknowns=request.preview),
        timeout=request.timeout,
        preview=request.preview,
    )


def update(request: UpdateRequest, marshal: Marshal) -> Any:
    """What to change."""
    return provider_pb2.UpdateRequest(
        id=request.id,
        urn=request.urn,
        name=request.name,
        type=request.type,
        olds=marshal.hashed(request.olds, unknowns=request.preview),
        old_inputs=marshal.hashed(request.old_inputs, unknowns=request.preview),
        news=marshal.whole(request.news, unknowns=request.preview),
        timeout=request.timeout,
        ignoreChanges=request.ignore_changes,
        preview=request.preview,
    )


def read(request: ReadRequest, marshal: Marshal) -> Any:
    """What to look up."""
    return provider_pb2.ReadRequest(
        id=request.id,
        urn=request.urn,
        name=request.name,
        type=request.type,
        inputs=marshal.hashed(request.inputs),
        properties=marshal.hashed(request.outputs),
        timeout=request.timeout,
    )


def delete(request: DeleteRequest, marshal: Marshal) -> Any:
    """What to remove."""
    return provider_pb2.DeleteRequest(
        id=request.id,
        urn=request.urn,
        name=request.name,
        type=request.type,
        properties=marshal.hashed(request.outputs),
        old_inputs=marshal.hashed(request.inputs),
        timeout=request.timeout,
    )


def invoke(request: InvokeRequest, marshal: Marshal) -> Any:
    """A function call."""
    return provider_pb2.InvokeRequest(
        tok=request.token, args=marshal.whole(request.args, unknowns=False), preview=request.preview
    )


def construct(request: ConstructRequest, marshal: Marshal) -> Any:
    """A component to build."""
    around, options = request.surroundings, request.options
    message = provider_pb2.ConstructRequest(
        project=around.project,
        stack=around.stack,
        organization=around.organization,
        config=around.config,
        configSecretKeys=around.secret_keys,
        dryRun=around.preview,
        parallel=around.parallel,
        monitorEndpoint=around.monitor,
        type=request.type,
        name=request.name,
        parent=request.parent,
        inputs=marshal.arguments(request.inputs, unknowns=around.preview),
        inputDependencies=_urns(provider_pb2.ConstructRequest.PropertyDependencies, request.input_dependencies),
        providers=request.providers,
        dependencies=options.dependencies,
        additionalSecretOutputs=options.additional_secret_outputs,
        aliases=[alias_pb2.Alias(urn=urn) for urn in options.alias_urns],
        deletedWith=options.deleted_with,
        replace_with=options.replace_with,
        ignoreChanges=options.ignore_changes,
        replaceOnChanges=options.replace_on_changes,
        accepts_output_values=True,
    )
    fill_bindings(message.resource_hooks, options.hooks)
    if options.replacement_trigger is not None:
        trigger = encode({"trigger": options.replacement_trigger}, keep_unknowns=True, keep_secrets=True)
        message.replacement_trigger.CopyFrom(trigger.fields["trigger"])
    _say(message, options)
    return message


def call(request: CallRequest, marshal: Marshal) -> Any:
    """A method to call."""
    around = request.surroundings
    return provider_pb2.CallRequest(
        tok=request.token,
        args=marshal.arguments(request.args, unknowns=around.preview),
        argDependencies=_urns(provider_pb2.CallRequest.ArgumentDependencies, request.arg_dependencies),
        project=around.project,
        stack=around.stack,
        organization=around.organization,
        config=around.config,
        configSecretKeys=around.secret_keys,
        dryRun=around.preview,
        parallel=around.parallel,
        monitorEndpoint=around.monitor,
        accepts_output_values=True,
    )


def _say(message: Any, options: ComponentOptions) -> None:
    """Options about which a program may have said nothing at all."""
    said = {
        "protect": options.protect,
        "retainOnDelete": options.retain_on_delete,
        "deleteBeforeReplace": options.delete_before_replace,
    }
    for name, value in said.items():
        if value is not None:
            setattr(message, name, value)
    for verb, seconds in options.timeouts.items():
        if seconds:
            setattr(message.customTimeouts, verb, f"{seconds:g}s")


def _urns(kind: Any, dependencies: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {key: kind(urns=urns) for key, urns in dependencies.items()}
