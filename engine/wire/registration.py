"""What a program asks of the resource monitor, as plain dataclasses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pulumi.runtime.proto import alias_pb2, resource_pb2

from engine.errors import UnsupportedError, UsageError
from engine.state.model import Timeouts
from engine.values import UNKNOWN, Props, Value
from engine.wire.callbacks import Callback, callback
from engine.wire.hook_binding import bindings
from engine.wire.signatures import UNKNOWNS
from engine.wire.struct import decode, decode_value

_UNIT_SECONDS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION: Final = re.compile(r"([0-9]*\.?[0-9]+)(ns|us|µs|ms|s|m|h)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A former identity of a resource: a whole URN, or the parts that differed (None: as now)."""

    urn: str = ""
    name: str | None = None
    type: str | None = None
    stack: str | None = None
    project: str | None = None
    parent: str | None = None
    no_parent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderChoice:
    """Which provider a request wants: an explicit reference, or the default one of a version."""

    reference: str = ""
    version: str = ""
    url: str = ""
    package: str = ""
    """The reference of a registered package, which stands for version and source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One RegisterResource request; None stands for 'not said'."""

    type: str
    name: str
    custom: bool
    remote: bool = False
    """A component that its provider builds."""
    parent: str = ""
    inputs: Props = field(default_factory=dict)
    protect: bool | None = None
    retain_on_delete: bool | None = None
    delete_before_replace: bool | None = None
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provider: ProviderChoice = ProviderChoice()
    providers: Mapping[str, str] = field(default_factory=dict)
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    hide_diff: tuple[str, ...] = ()
    additional_secret_outputs: tuple[str, ...] = ()
    aliases: tuple[Alias, ...] = ()
    import_id: str = ""
    deleted_with: str = ""
    replace_with: tuple[str, ...] = ()
    replacement_trigger: Value = None
    timeouts: Timeouts = field(default_factory=Timeouts)
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of registered hooks by the moment at which they run."""
    transforms: tuple[Callback, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One ReadResource request."""

    type: str
    name: str
    id: Value
    parent: str = ""
    inputs: Props = field(default_factory=dict)
    dependencies: tuple[str, ...] = ()
    provider: ProviderChoice = ProviderChoice()
    additional_secret_outputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCall:
    """One Invoke request."""

    token: str
    args: Props
    parent: str = ""
    provider: ProviderChoice = ProviderChoice()
    dependencies: tuple[str, ...] = ()
    """Resources that have to be there before it is called."""


def registration(request: resource_pb2.RegisterResourceRequest) -> Registration:
    """What a RegisterResource request says; options that this engine does not do are refused by name."""
    _refuse(request)
    optional = _optional_bools(request)
    return Registration(
        type=request.type,
        name=request.name,
        custom=request.custom,
        remote=request.remote,
        parent=request.parent,
        inputs=decode(request.object),
        protect=optional["protect"],
        retain_on_delete=optional["retainOnDelete"],
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        dependencies=urns(request.dependencies),
        property_dependencies={key: urns(deps.urns) for key, deps in sorted(request.propertyDependencies.items())},
        provider=choice(request),
        providers=dict(request.providers),
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        hide_diff=tuple(request.hideDiffs),
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        aliases=(*(Alias(urn=urn) for urn in request.aliasURNs), *(alias(one) for one in request.aliases)),
        import_id=request.importId,
        deleted_with=request.deletedWith,
        replace_with=urns(request.replace_with),
        replacement_trigger=decode_value(request.replacement_trigger),
        timeouts=timeouts(request.customTimeouts) if request.HasField("customTimeouts") else Timeouts(),
        hooks=bindings(request.hooks),
        transforms=tuple(callback(one) for one in request.transforms),
    )


def reading(request: resource_pb2.ReadResourceRequest) -> Reading:
    """What a ReadResource request says."""
    return Reading(
        type=request.type,
        name=request.name,
        id=UNKNOWN if request.id in UNKNOWNS else request.id,
        parent=request.parent,
        inputs=decode(request.properties),
        dependencies=urns(request.dependencies),
        provider=choice(request),
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
    )


def function_call(request: resource_pb2.ResourceInvokeRequest) -> FunctionCall:
    """What an Invoke request says."""
    return FunctionCall(
        token=request.tok,
        args=decode(request.args),
        parent=request.parent,
        provider=choice(request),
        dependencies=urns(request.dependsOn),
    )


def seconds(duration: str) -> float:
    """The seconds of a duration as Go writes it, e.g. 1h2m3.5s."""
    if not duration or duration == "0":
        return 0
    parts = _DURATION.findall(duration)
    if "".join(number + unit for number, unit in parts) != duration:
        raise UsageError(f"'{duration}' is no duration", hint="write it like 30s, 5m or 1h30m")
    return sum(float(number) * _UNIT_SECONDS[unit] for number, unit in parts)


def _refuse(request: resource_pb2.RegisterResourceRequest) -> None:
    unsupported = {
        "state migrations": bool(request.state_migrations),
        "snippets": bool(request.snippetId),
    }
    for what, asked in unsupported.items():
        if asked:
            raise UnsupportedError(f"{request.type} '{request.name}' uses {what}, which this engine does not do")


def choice(request: Any) -> ProviderChoice:
    """Which provider a request of any kind wants."""
    return ProviderChoice(
        reference=request.provider, version=request.version, url=request.pluginDownloadURL, package=request.packageRef
    )


def _optional_bools(request: resource_pb2.RegisterResourceRequest) -> dict[str, bool | None]:
    return {
        "protect": request.protect if request.HasField("protect") else None,
        "retainOnDelete": request.retainOnDelete if request.HasField("retainOnDelete") else None,
    }


def urns(sent: Any) -> tuple[str, ...]:
    """URNs in an order of our own: programs send sets, and the state would churn on every run."""
    return tuple(sorted(set(sent)))


def timeouts(asked: Any) -> Timeouts:
    """Timeouts as durations in text."""
    return Timeouts(
        create=seconds(asked.create),
        update=seconds(asked.update),
        delete=seconds(asked.delete),
        read=seconds(asked.read),
    )


def alias(sent: alias_pb2.Alias) -> Alias:
    """A former identity."""
    if sent.WhichOneof("alias") == "urn":
        return Alias(urn=sent.urn)
    spec = sent.spec
    return Alias(
        name=spec.name or None,
        type=spec.type or None,
        stack=spec.stack or None,
        project=spec.project or None,
        parent=spec.parentUrn if spec.WhichOneof("parent") == "parentUrn" else None,
        no_parent=spec.WhichOneof("parent") == "noParent" and spec.noParent,
    )
