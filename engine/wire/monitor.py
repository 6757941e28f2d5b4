"""The gRPC faces that programs talk to: ResourceMonitor and Engine, translated to calls on plain interfaces."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, Protocol, TypeVar

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import (
    engine_pb2,
    engine_pb2_grpc,
    provider_pb2,
    resource_pb2,
    resource_pb2_grpc,
)

from engine.component_api import CallReply
from engine.errors import EngineError, UnsupportedError
from engine.provider_api import InvokeReply
from engine.state.serialise import ENGINE_VERSION
from engine.values import Props
from engine.version_range import require
from engine.wire.callbacks import Callback, callback
from engine.wire.hook import Hook, error_hook, resource_hook
from engine.wire.method import MethodCall, call_response, method_call
from engine.wire.package import Package, package
from engine.wire.registration import (
    FunctionCall,
    Reading,
    Registration,
    function_call,
    reading,
    registration,
)
from engine.wire.struct import decode, encode

_T = TypeVar("_T")

FEATURES: Final[Mapping[str, Any]] = {
    "secrets": resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    "resourceReferences": resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    "outputValues": resource_pb2.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
    "invokeDependsOn": resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_DEPENDS_ON,
    "invokeParent": resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_PARENT,
    "aliasSpecs": resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    "replacementTrigger": resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    "deletedWith": resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    "replaceWith": resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    "transforms": resource_pb2.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
    "invokeTransforms": resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
    "resourceHooks": resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
    "errorHooks": resource_pb2.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
    "sendsOptionsToHooks": resource_pb2.RESOURCE_MONITOR_FEATURE_SENDS_OPTIONS_TO_HOOKS,
}
"""What is really done; the SDK refuses the use of everything else by itself."""


DIRECT: Final = "mf-direct"
"""The metadata key by which a server tells which one it is, to programs that may be in its own process."""


class MonitorClosed(EngineError):
    """No more requests are served: the update failed, was cancelled, or is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """The answer to a registration or a read."""

    urn: str
    id: str = ""
    outputs: Props = field(default_factory=dict)
    failed: bool = False
    unknown: bool = False
    dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Of remote components: what each output comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a program may know of the deployment it runs in."""

    project: str
    stack: str
    organization: str
    config: Mapping[str, str]
    secret_keys: tuple[str, ...]
    preview: bool
    parallel: int


class Monitor(Protocol):
    """What serves a program's requests."""

    @property
    def about(self) -> About: ...

    async def register(self, request: Registration) -> Registered: ...

    async def register_outputs(self, urn: str, outputs: Props) -> None: ...

    async def read(self, request: Reading) -> Registered: ...

    async def invoke(self, request: FunctionCall) -> tuple[InvokeReply, bool]:
        """The reply, and whether the result is unknown."""

    async def call(self, request: MethodCall) -> CallReply: ...

    def add_package(self, package: Package) -> str:
        """The reference by which requests may name the package."""

    async def wait_for_shutdown(self) -> None:
        """Return when no more of the program is needed."""

    # The program's loop stands still in these: they must not wait for anything that needs the program.

    def add_stack_transform(self, transform: Callback, *, of_invokes: bool) -> None: ...

    def add_hook(self, hook: Hook) -> None: ...


class LogSink(Protocol):
    """What takes a program's log lines."""

    def log(self, severity: int, message: str, *, urn: str, ephemeral: bool) -> None: ...


class MonitorServicer(resource_pb2_grpc.ResourceMonitorServicer):
    """ResourceMonitor over gRPC."""

    def __init__(self, monitor: Monitor, token: str) -> None:
        self._monitor = monitor
        self._token = token

    async def GetDeploymentInfo(self, _request: Empty, _context: Any) -> resource_pb2.DeploymentInfo:
        about = self._monitor.about
        return resource_pb2.DeploymentInfo(
            project=about.project,
            stack=about.stack,
            organization=about.organization,
            config=about.config,
            configSecretKeys=about.secret_keys,
            dryRun=about.preview,
            parallel=about.parallel,
            supportedFeatures=list(FEATURES.values()),
        )

    async def SupportsFeature(self, request: Any, context: Any) -> resource_pb2.SupportsFeatureResponse:
        if request.id == DIRECT:
            context.set_trailing_metadata(((DIRECT, self._token),))
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in FEATURES)

    async def RegisterResource(self, request: Any, context: Any) -> resource_pb2.RegisterResourceResponse:
        reply = await _answer(context, lambda: self._monitor.register(registration(request)))
        deps = resource_pb2.RegisterResourceResponse.PropertyDependencies
        return resource_pb2.RegisterResourceResponse(
            propertyDependencies={key: deps(urns=urns) for key, urns in reply.dependencies.items()},
            urn=reply.urn,
            id=reply.id,
            object=_for_program(reply.outputs),
            result=resource_pb2.FAIL if reply.failed else resource_pb2.SUCCESS,
            unknown=reply.unknown,
        )

    async def RegisterResourceOutputs(self, request: Any, context: Any) -> Empty:
        await _answer(context, lambda: self._monitor.register_outputs(request.urn, decode(request.outputs)))
        return Empty()

    async def ReadResource(self, request: Any, context: Any) -> resource_pb2.ReadResourceResponse:
        reply = await _answer(context, lambda: self._monitor.read(reading(request)))
        return resource_pb2.ReadResourceResponse(
            urn=reply.urn,
            id=reply.id,
            properties=_for_program(reply.outputs),
            result=resource_pb2.FAIL if reply.failed else resource_pb2.SUCCESS,
            unknown=reply.unknown,
        )

    async def Invoke(self, request: Any, context: Any) -> Any:
        reply, unknown = await _answer(context, lambda: self._monitor.invoke(function_call(request)))
        failures = [provider_pb2.CheckFailure(property=one.property, reason=one.reason) for one in reply.failures]
        response = resource_pb2.ResourceInvokeResponse(failures=failures, unknown=unknown)
        getattr(response, "return").CopyFrom(_for_program(reply.result))
        return response

    async def SignalAndWaitForShutdown(self, _request: Empty, context: Any) -> Empty:
        await _answer(context, self._monitor.wait_for_shutdown)
        return Empty()

    async def Call(self, request: Any, context: Any) -> Any:
        return call_response(await _answer(context, lambda: self._monitor.call(method_call(request))))

    async def RegisterStackTransform(self, request: Any, context: Any) -> Empty:
        return await _note(context, lambda: self._monitor.add_stack_transform(callback(request), of_invokes=False))

    async def RegisterStackInvokeTransform(self, request: Any, context: Any) -> Empty:
        return await _note(context, lambda: self._monitor.add_stack_transform(callback(request), of_invokes=True))

    async def RegisterResourceHook(self, request: Any, context: Any) -> Empty:
        return await _note(context, lambda: self._monitor.add_hook(resource_hook(request)))

    async def RegisterErrorHook(self, request: Any, context: Any) -> Empty:
        return await _note(context, lambda: self._monitor.add_hook(error_hook(request)))

    async def RegisterPackage(self, request: Any, context: Any) -> resource_pb2.RegisterPackageResponse:
        async def serve() -> str:
            return self._monitor.add_package(package(request))

        return resource_pb2.RegisterPackageResponse(ref=await _answer(context, serve))


class EngineServicer(engine_pb2_grpc.EngineServicer):
    """The Engine service: log lines of programs."""

    def __init__(self, sink: LogSink) -> None:
        self._sink = sink

    async def Log(self, request: Any, _context: Any) -> Empty:
        self.take(request)
        return Empty()

    def take(self, request: engine_pb2.LogRequest) -> None:
        """Pass one line on."""
        self._sink.log(request.severity, request.message, urn=request.urn, ephemeral=request.ephemeral)

    async def RequirePulumiVersion(self, request: Any, context: Any) -> Any:
        await _note(context, lambda: require(request.pulumi_version_range, ENGINE_VERSION))
        return engine_pb2.RequirePulumiVersionResponse()


def _for_program(props: Props) -> Any:
    return encode(props, keep_unknowns=True, keep_secrets=True, keep_resources=True)


async def _answer(context: Any, serve: Callable[[], Awaitable[_T]]) -> _T:
    try:
        return await serve()
    except MonitorClosed as closed:
        return await _abort(context, grpc.StatusCode.UNAVAILABLE, closed.message)
    except UnsupportedError as refusal:
        return await _abort(context, grpc.StatusCode.UNIMPLEMENTED, refusal.message)
    except EngineError as error:
        return await _abort(context, grpc.StatusCode.UNKNOWN, error.message)


async def _note(context: Any, take: Callable[[], None]) -> Empty:
    async def serve() -> Empty:
        take()
        return Empty()

    return await _answer(context, serve)


async def _abort(context: Any, code: grpc.StatusCode, message: str) -> NoReturn:
    await context.abort(code, message)
    raise AssertionError("abort always raises")
