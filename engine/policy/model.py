"""What policies are asked and what they answer, as plain dataclasses (after pulumirpc.Analyzer)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from engine.state.model import Timeouts
from engine.values import Props


class Level(StrEnum):
    """What a violation means: a warning, a refusal, nothing, or a repair."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    DISABLED = "disabled"
    REMEDIATE = "remediate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one policy is set: its level (None: as the policy itself says) and the properties that it is given."""

    level: Level | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One policy of a pack, with the JSON schema of what it can be given."""

    name: str
    level: Level
    description: str = ""
    schema: Mapping[str, Any] = field(default_factory=dict)
    required: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackInfo:
    """What a pack says of itself."""

    name: str
    version: str
    policies: Sequence[Policy] = ()
    initial: Mapping[str, Settings] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The deployment that is judged."""

    project: str
    stack: str
    organization: str
    preview: bool
    config: Mapping[str, str] = field(default_factory=dict)
    secret_keys: Sequence[str] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSubject:
    """The provider of a resource that is judged."""

    urn: str
    type: str
    name: str
    properties: Props


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A resource that is judged: by its checked inputs before it is made, by its outputs as part of a stack."""

    urn: str
    type: str
    name: str
    properties: Props
    parent: str = ""
    provider: ProviderSubject | None = None
    protect: bool = False
    ignore_changes: Sequence[str] = ()
    delete_before_replace: bool | None = None
    additional_secret_outputs: Sequence[str] = ()
    aliases: Sequence[str] = ()
    timeouts: Timeouts = field(default_factory=Timeouts)
    dependencies: Sequence[str] = ()
    property_dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One violation; without a URN it is about the resource that was asked about, or the stack."""

    policy: str
    level: Level
    message: str
    description: str = ""
    urn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What a policy made of a resource's inputs; None where it could not, for the reason given."""

    policy: str
    description: str = ""
    inputs: Props | None = None
    reason: str = ""


class Analyzer(Protocol):
    """A pack at work. Calls block, and raise EngineError when the pack fails."""

    @property
    def info(self) -> PackInfo: ...

    def configure(self, settings: Mapping[str, Settings], around: Surroundings) -> None: ...

    def remediate(self, subject: Subject) -> Sequence[Remedy]: ...

    def analyze(self, subject: Subject) -> Sequence[Finding]: ...

    def analyze_stack(self, subjects: Sequence[Subject]) -> Sequence[Finding]: ...

    def cancel(self) -> None: ...

    def close(self) -> None: ...
