"""What an update is asked for with, and what it answers: the seam between commands and deployments."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from engine.plugins.find import ProjectPlugins
from engine.policy.packs import PackRequest
from engine.state.model import Deployment, Resource
from engine.values import Props


class Operation(StrEnum):
    """The kinds of updates, by the words that history uses."""

    UP = "update"
    PREVIEW = "preview"
    REFRESH = "refresh"
    DESTROY = "destroy"
    IMPORT = "resource-import"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackId:
    """Which stack."""

    project: str
    name: str
    organization: str = "organization"


@dataclass(frozen=True, slots=True)
class ConfigValue:
    """One decrypted config value under its `namespace:key`; objects and lists are JSON text."""

    value: str
    secret: bool = False
    structured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineProgram:
    """A program that a LanguageRuntime server at `address` (host:port) runs, as Automation API hosts it."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProgram:
    """A Python program on disk, run in a process of its own by the SDK's exec script."""

    root: Path
    main: str = "."
    python: str = ""
    """Interpreter; empty for the one that runs the engine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Flags of the command line that shape an update."""

    parallel: int = 16
    refresh: bool = False
    continue_on_error: bool = False
    targets: tuple[str, ...] = ()
    """URNs, with `*` and `**` as wildcards, that alone may change."""
    target_dependents: bool = False
    excludes: tuple[str, ...] = ()
    """URNs (with wildcards) that must not change."""
    exclude_dependents: bool = False
    replace: tuple[str, ...] = ()
    message: str = ""
    policy_packs: tuple[PackRequest, ...] = ()
    dry_run: bool = False
    """Only show what a refresh or a destroy would do; for the program's part there is Operation.PREVIEW."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSpec:
    """One existing resource to take over; parent and provider by URN, empty for the stack and the default one."""

    type: str
    name: str
    id: str
    parent: str = ""
    provider: str = ""
    version: str = ""
    url: str = ""
    protect: bool = True
    component: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One update to run: on which stack, from which state, towards which program."""

    operation: Operation
    stack: StackId
    base: Deployment
    program: InlineProgram | FileProgram | None
    directory: Path
    imports: tuple[ImportSpec, ...] = ()
    config: Mapping[str, ConfigValue] = field(default_factory=dict)
    options: Options = Options()
    environment: Mapping[str, str] = field(default_factory=dict)
    plugins: ProjectPlugins = field(default_factory=ProjectPlugins)
    home: FileProgram | None = None
    """The program on disk that the stack belongs to, also where this update does not run it."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """The stack's tags, as policies see them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How it ended: `changes` counts logical steps by op (create, update, delete, same, replace, read …)."""

    succeeded: bool
    deployment: Deployment
    changes: Mapping[str, int]
    seconds: float
    error: str = ""
    may_be_corrupt: bool = False


Event: TypeAlias = dict[str, Any]
"""An engine event in Pulumi's JSON shape (apitype.EngineEvent), without sequence and timestamp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackOutputs:
    """What a stack puts out; `elided` when some of its secrets could not be opened."""

    outputs: Props
    elided: bool = False


class OtherStacks(Protocol):
    """The stacks beside this one, by the names that programs give them; ProviderError where there is none."""

    def outputs(self, name: str) -> StackOutputs: ...

    def resources(self, name: str) -> tuple[Resource, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where an update's by-products go; `save` is called at every step's start and end, in order, from one thread."""

    save: Callable[[Deployment], None]
    emit: Callable[[Event], None]
    cancel: threading.Event
    """Set once to stop in order: no new steps, running ones are asked to end soon."""
    terminate: threading.Event = field(default_factory=threading.Event)
    """Set to stop waiting for running steps as well; what they were doing stays in the state as pending operations."""
    others: OtherStacks | None = None
    """For references to other stacks; called from several threads."""
