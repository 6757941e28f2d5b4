"""The other end of the resource monitor: for providers in this process that build components."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import grpc
from pulumi.runtime.proto import alias_pb2, resource_pb2, resource_pb2_grpc

from engine.component_api import ConstructRequest
from engine.errors import ProviderError
from engine.wire.hook_binding import fill_bindings
from engine.wire.limits import OPTIONS
from engine.wire.monitor import MonitorClosed, Registered
from engine.wire.registration import Registration
from engine.wire.struct import decode, encode


class MonitorClient:
    """Registers resources; safe to share between threads."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(address, options=OPTIONS)
        self._stub = resource_pb2_grpc.ResourceMonitorStub(self._channel)

    def register(self, wanted: Registration) -> Registered:
        """Register a resource of this provider; returns when it is made."""
        deps = resource_pb2.RegisterResourceRequest.PropertyDependencies
        return self._send(
            resource_pb2.RegisterResourceRequest(
                type=wanted.type,
                name=wanted.name,
                custom=wanted.custom,
                parent=wanted.parent,
                object=_struct(wanted.inputs),
                dependencies=wanted.dependencies,
                propertyDependencies={key: deps() for key in wanted.inputs},
                version=wanted.provider.version,
                retainOnDelete=wanted.retain_on_delete,
                additionalSecretOutputs=wanted.additional_secret_outputs,
                acceptSecrets=True,
                acceptResources=True,
                supportsResultReporting=True,
            )
        )

    def register_component(self, request: ConstructRequest) -> str:
        """Register the component that is asked for, with all that was said of it; returns its URN."""
        options = request.options
        message = resource_pb2.RegisterResourceRequest(
            type=request.type,
            name=request.name,
            parent=request.parent,
            providers=request.providers,
            dependencies=options.dependencies,
            protect=options.protect,
            retainOnDelete=options.retain_on_delete,
            deletedWith=options.deleted_with,
            replace_with=options.replace_with,
            ignoreChanges=options.ignore_changes,
            replaceOnChanges=options.replace_on_changes,
            additionalSecretOutputs=options.additional_secret_outputs,
            aliases=[alias_pb2.Alias(urn=urn) for urn in options.alias_urns],
            acceptSecrets=True,
            acceptResources=True,
            supportsResultReporting=True,
        )
        if options.delete_before_replace is not None:
            message.deleteBeforeReplace = options.delete_before_replace
            message.deleteBeforeReplaceDefined = True
        fill_bindings(message.hooks, options.hooks)
        return self._send(message).urn

    def __enter__(self) -> MonitorClient:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._channel.close()

    def _send(self, message: Any) -> Registered:
        try:
            reply = self._stub.RegisterResource(message)
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.UNAVAILABLE:
                raise MonitorClosed("no more resources are registered: the update has ended") from error
            raise ProviderError(str(error.details())) from error
        failed = reply.result != resource_pb2.SUCCESS
        return Registered(urn=reply.urn, id=reply.id, outputs=decode(reply.object), failed=failed)


def _struct(inputs: Any) -> Any:
    return encode(inputs, keep_unknowns=True, keep_secrets=True, keep_resources=True)
