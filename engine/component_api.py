"""What a provider fulfils beyond resources when it offers remote components and methods.

The meaning of both calls is that of pulumirpc.ResourceProvider's Construct and Call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from engine.provider_api import CheckFailure
from engine.values import Props, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The deployment that a component is built in; `monitor` is a gRPC address (host:port) of its ResourceMonitor."""

    project: str
    stack: str
    organization: str
    monitor: str
    config: Mapping[str, str] = field(default_factory=dict)
    secret_keys: Sequence[str] = ()
    preview: bool = False
    parallel: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentOptions:
    """What a program asked for beside a remote component's inputs; None where it said nothing."""

    dependencies: Sequence[str] = ()
    protect: bool | None = None
    retain_on_delete: bool | None = None
    delete_before_replace: bool | None = None
    deleted_with: str = ""
    replace_with: Sequence[str] = ()
    ignore_changes: Sequence[str] = ()
    replace_on_changes: Sequence[str] = ()
    additional_secret_outputs: Sequence[str] = ()
    alias_urns: Sequence[str] = ()
    timeouts: Mapping[str, float] = field(default_factory=dict)
    """Seconds by create, update, delete, read."""
    replacement_trigger: Value = None
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of registered hooks by the moment at which they run (before_create …)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstructRequest:
    """Build a component in the provider; it registers itself and its children at the monitor.

    Inputs may hold `OutputValue`s; `providers` names the provider ("URN::ID") for each package.
    """

    type: str
    name: str
    parent: str
    inputs: Props
    surroundings: Surroundings
    input_dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)
    options: ComponentOptions = ComponentOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstructReply:
    """The component that was built, and what each of its outputs comes from."""

    urn: str
    outputs: Props
    dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRequest:
    """A method call on a resource (`__self__` among the arguments is a reference to it)."""

    token: str
    args: Props
    surroundings: Surroundings
    arg_dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReply:
    """A method's result, what each part of it comes from, or what is wrong with the arguments."""

    result: Props
    dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    failures: Sequence[CheckFailure] = ()


@runtime_checkable
class ComponentProvider(Protocol):
    """What a provider fulfils in addition to `Provider` when it offers components or methods."""

    def construct(self, request: ConstructRequest) -> ConstructReply: ...

    def call(self, request: CallRequest) -> CallReply: ...
