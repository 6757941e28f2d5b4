"""The Protocol that a resource provider fulfils, in process or behind a plugin binary alike.

The meaning of every call is that of pulumirpc.ResourceProvider; requests and replies are plain dataclasses over
`engine.values`. All calls are synchronous and may come from several threads at once; `preview=True` changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Protocol, TypeAlias

from engine.values import Props


class Severity(IntEnum):
    """How loud a log line is (numbers as in pulumirpc.LogSeverity)."""

    DEBUG = 0
    INFO = 1
    WARNING = 2
    ERROR = 3


class Host(Protocol):
    """What a provider may ask of the engine that runs it."""

    @property
    def directory(self) -> str:
        """The program's working directory; relative paths in inputs start here."""

    @property
    def environment(self) -> Mapping[str, str]:
        """The run's environment variables: those of the process with what the caller of the update added."""

    def log(self, severity: Severity, message: str, *, urn: str = "", ephemeral: bool = False) -> None:
        """Show a line to the user; an ephemeral one only while the resource is at work."""

    def cancelled(self) -> bool:
        """Whether the user asked to stop: long waits should end soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What a provider is and which kinds of values it can take."""

    name: str
    version: str
    accept_secrets: bool = True
    accept_resources: bool = False
    accept_outputs: bool = False
    supports_preview: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """New inputs to validate and complete; `olds` are the old *inputs*, None on create and replace."""

    urn: str
    type: str
    name: str
    news: Props
    olds: Props | None = None
    random_seed: bytes = b""


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """One input that is wrong; an empty property blames the resource as a whole."""

    property: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReply:
    """Completed inputs, or what is wrong with them."""

    inputs: Props
    failures: Sequence[CheckFailure] = ()


class DiffChanges(Enum):
    """Whether there is a difference at all; UNKNOWN leaves it to the engine to compare inputs."""

    UNKNOWN = 0
    NONE = 1
    SOME = 2


class DiffKind(Enum):
    """What happens to one property (names as in Pulumi's detailed diffs)."""

    ADD = "add"
    ADD_REPLACE = "add-replace"
    DELETE = "delete"
    DELETE_REPLACE = "delete-replace"
    UPDATE = "update"
    UPDATE_REPLACE = "update-replace"


@dataclass(frozen=True, slots=True)
class PropertyDiff:
    """The difference at one property path; `input_diff` when inputs, not outputs, were compared."""

    kind: DiffKind
    input_diff: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffRequest:
    """Old outputs (`olds`), old inputs and new, checked inputs of an existing resource."""

    urn: str
    type: str
    name: str
    id: str
    olds: Props
    old_inputs: Props
    news: Props
    ignore_changes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffReply:
    """What would change, and whether that needs a replacement."""

    changes: DiffChanges
    replaces: Sequence[str] = ()
    stables: Sequence[str] = ()
    delete_before_replace: bool = False
    diffs: Sequence[str] = ()
    detailed: Mapping[str, PropertyDiff] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRequest:
    """Inputs of a resource to make; timeout in seconds, 0 for the provider's own default."""

    urn: str
    type: str
    name: str
    inputs: Props
    timeout: float = 0
    preview: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateReply:
    """The new resource's id (may be empty in a preview) and outputs; whether to read it before every update."""

    id: str
    outputs: Props
    refresh_before_update: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """A resource to look up; inputs and outputs are empty when only the id is known."""

    urn: str
    type: str
    name: str
    id: str
    inputs: Props
    outputs: Props
    timeout: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReply:
    """What is there now; an empty id means that it is gone. `inputs` None: the provider can't tell them (no import)."""

    id: str
    outputs: Props
    inputs: Props | None = None
    refresh_before_update: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRequest:
    """Change an existing resource from old outputs/inputs to new inputs."""

    urn: str
    type: str
    name: str
    id: str
    olds: Props
    old_inputs: Props
    news: Props
    timeout: float = 0
    ignore_changes: Sequence[str] = ()
    preview: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateReply:
    """Outputs after the update."""

    outputs: Props
    refresh_before_update: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRequest:
    """A resource to remove; one that is absent already counts as removed."""

    urn: str
    type: str
    name: str
    id: str
    inputs: Props
    outputs: Props
    timeout: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InvokeRequest:
    """A function call of a provider."""

    token: str
    args: Props
    preview: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InvokeReply:
    """A function's result, or what is wrong with its arguments."""

    result: Props
    failures: Sequence[CheckFailure] = ()


class Provider(Protocol):
    """A resource provider. Calls raise `engine.errors.ProviderError` (or `InitFailed`) when the answer is no."""

    @property
    def info(self) -> Info: ...

    def check_config(self, request: CheckRequest) -> CheckReply: ...

    def diff_config(self, request: DiffRequest) -> DiffReply: ...

    def configure(self, inputs: Props) -> None: ...

    def check(self, request: CheckRequest) -> CheckReply: ...

    def diff(self, request: DiffRequest) -> DiffReply: ...

    def create(self, request: CreateRequest) -> CreateReply: ...

    def read(self, request: ReadRequest) -> ReadReply: ...

    def update(self, request: UpdateRequest) -> UpdateReply: ...

    def delete(self, request: DeleteRequest) -> None: ...

    def invoke(self, request: InvokeRequest) -> InvokeReply: ...

    def cancel(self) -> None:
        """Ask running calls to end soon."""

    def close(self) -> None:
        """Let go of connections; no call follows."""


ProviderFactory: TypeAlias = Callable[[Host], Provider]
