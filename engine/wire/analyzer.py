"""pulumirpc.Analyzer from the engine's side: a policy pack behind a gRPC stub, or behind a servicer of this process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from engine.errors import EngineError, ProviderError
from engine.policy.model import (
    Finding,
    Level,
    PackInfo,
    Policy,
    ProviderSubject,
    Remedy,
    Settings,
    Subject,
    Surroundings,
)
from engine.state.model import Timeouts
from engine.values import Props
from engine.wire.plugin.connection import Connection
from engine.wire.plugin.faults import NotDone
from engine.wire.struct import decode, encode

Call = Callable[[str, Any], Any]
"""Sends one request by the method's name and gives the reply; raises EngineError, NotDone for unknown methods."""

_LEVELS: Final = (Level.ADVISORY, Level.MANDATORY, Level.DISABLED, Level.REMEDIATE)


class AnalyzerClient:
    """An Analyzer that asks over `call`; `name` and `version` go before what the pack says of itself."""

    def __init__(self, call: Call, *, name: str = "", version: str = "") -> None:
        self._call = call
        self.release: Callable[[], None] = lambda: None
        """Called by `close`."""
        self.info = _info(call("GetAnalyzerInfo", Empty()), name, version)

    def configure(self, settings: Mapping[str, Settings], around: Surroundings) -> None:
        """Set the policies and tell about the stack."""
        stack = analyzer_pb2.AnalyzerStackConfigureRequest(
            stack=around.stack,
            project=around.project,
            organization=around.organization,
            dry_run=around.preview,
            config=around.config,
            config_secret_keys=around.secret_keys,
            tags=around.tags,
        )
        # Packs of older SDKs learn the same from their environment.
        with contextlib.suppress(NotDone):
            self._call("ConfigureStack", stack)
        chosen = {name: _config(item) for name, item in settings.items()}
        if chosen:
            self._call("Configure", analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=chosen))

    def remediate(self, subject: Subject) -> Sequence[Remedy]:
        """What the pack's policies make of a resource's inputs, in their order."""
        try:
            reply = self._call("Remediate", _request(subject))
        except NotDone:
            return ()
        return [
            Remedy(
                policy=one.policyName,
                description=one.description,
                inputs=decode(one.properties) if one.HasField("properties") else None,
                reason=one.diagnostic,
            )
            for one in reply.remediations
        ]

    def analyze(self, subject: Subject) -> Sequence[Finding]:
        """What is wrong with a resource."""
        return _findings(self._call("Analyze", _request(subject)))

    def analyze_stack(self, subjects: Sequence[Subject]) -> Sequence[Finding]:
        """What is wrong with all resources together."""
        resources = [_resource(subject) for subject in subjects]
        return _findings(self._call("AnalyzeStack", analyzer_pb2.AnalyzeStackRequest(resources=resources)))

    def cancel(self) -> None:
        """Ask running calls to end soon."""
        # A pack that does not know this ends with its process.
        with contextlib.suppress(NotDone):
            self._call("Cancel", Empty())

    def close(self) -> None:
        """Let the pack go."""
        self.release()


class _Built(BaseException):
    """Carries a servicer out of a constructor that would otherwise never return."""

    def __init__(self, servicer: Any) -> None:
        super().__init__()
        self.servicer = servicer


def intercepted(run: Callable[[], None]) -> Any:
    """The servicer that a pack's program is about to serve for ever; None when it ends without."""

    def carry_out(servicer: Any, _server: Any) -> None:
        raise _Built(servicer)

    generated: Any = analyzer_pb2_grpc
    original = generated.add_AnalyzerServicer_to_server
    generated.add_AnalyzerServicer_to_server = carry_out
    try:
        run()
    except _Built as built:
        return built.servicer
    finally:
        generated.add_AnalyzerServicer_to_server = original
    return None


def asking(connection: Connection, label: str) -> Call:
    """Calls over a connection; `label` names the pack in what its own code raises."""
    stub = connection.stub(analyzer_pb2_grpc.AnalyzerStub)

    def call(method: str, request: Any) -> Any:
        try:
            return connection.call(getattr(stub, method), request, name=method)
        except ProviderError as error:
            raise EngineError(f"{label} failed during {method}: {error.message}", hint=error.hint) from error

    return call


def _info(reply: Any, name: str, version: str) -> PackInfo:
    return PackInfo(
        name=reply.name or name,
        version=version or reply.version,
        policies=[
            Policy(
                name=one.name,
                level=_LEVELS[one.enforcementLevel],
                description=one.description,
                schema=MessageToDict(one.configSchema.properties),
                required=tuple(one.configSchema.required),
            )
            for one in reply.policies
        ],
        initial={
            key: Settings(level=_LEVELS[one.enforcementLevel], properties=MessageToDict(one.properties))
            for key, one in reply.initialConfig.items()
        },
    )


def _config(settings: Settings) -> Any:
    level: Any = _LEVELS.index(settings.level or Level.ADVISORY)
    return analyzer_pb2.PolicyConfig(enforcementLevel=level, properties=encode(settings.properties))


def _findings(reply: Any) -> list[Finding]:
    return [
        Finding(
            policy=one.policyName,
            level=_LEVELS[one.enforcementLevel],
            message=one.message,
            description=one.description,
            urn=one.urn,
        )
        for one in reply.diagnostics
    ]


def _request(subject: Subject) -> Any:
    return analyzer_pb2.AnalyzeRequest(**_common(subject))


def _resource(subject: Subject) -> Any:
    dependencies = {
        key: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns) for key, urns in subject.property_dependencies.items()
    }
    return analyzer_pb2.AnalyzerResource(
        **_common(subject),
        parent=subject.parent,
        dependencies=subject.dependencies,
        propertyDependencies=dependencies,
    )


def _common(subject: Subject) -> dict[str, Any]:
    return {
        "type": subject.type,
        "urn": subject.urn,
        "name": subject.name,
        "properties": _properties(subject.properties),
        "options": analyzer_pb2.AnalyzerResourceOptions(
            protect=subject.protect,
            ignoreChanges=subject.ignore_changes,
            deleteBeforeReplace=bool(subject.delete_before_replace),
            deleteBeforeReplaceDefined=subject.delete_before_replace is not None,
            additionalSecretOutputs=subject.additional_secret_outputs,
            aliases=subject.aliases,
            customTimeouts=_timeouts(subject.timeouts),
            parent=subject.parent,
        ),
        "provider": _provider(subject.provider),
    }


def _provider(provider: ProviderSubject | None) -> Any:
    if provider is None:
        return None
    return analyzer_pb2.AnalyzerProviderResource(
        type=provider.type, urn=provider.urn, name=provider.name, properties=_properties(provider.properties)
    )


def _properties(props: Props) -> Any:
    return encode(props, keep_unknowns=True, keep_secrets=True, keep_resources=True)


def _timeouts(timeouts: Timeouts) -> Any:
    return analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts(
        create=timeouts.create, update=timeouts.update, delete=timeouts.delete, read=timeouts.read
    )
