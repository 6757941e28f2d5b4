"""One resource and one deployment, as Pulumi's checkpoint holds them (apitype ResourceV3, DeploymentV3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.values import Props


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Custom timeouts in seconds; 0 leaves the provider's default."""

    create: float = 0
    update: float = 0
    delete: float = 0
    read: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource's state; values are decrypted (`Secret` marks what must be encrypted on disk)."""

    urn: str
    type: str
    custom: bool
    id: str = ""
    inputs: Props = field(default_factory=dict)
    outputs: Props = field(default_factory=dict)
    parent: str = ""
    provider: str = ""
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    delete: bool = False
    protect: bool = False
    taint: bool = False
    external: bool = False
    pending_replacement: bool = False
    retain_on_delete: bool = False
    deleted_with: str = ""
    replace_with: tuple[str, ...] = ()
    init_errors: tuple[str, ...] = ()
    additional_secret_outputs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    custom_timeouts: Timeouts = Timeouts()
    import_id: str = ""
    created: str = ""
    modified: str = ""
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    hide_diff: tuple[str, ...] = ()
    replacement_trigger: Any = None
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of the program's hooks, by the moment at which they run."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the checkpoint that this engine does not know; written back untouched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingOperation:
    """A step that had begun when the process died: creating, updating, deleting, reading or importing."""

    resource: Resource
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """All of a stack's resources, in an order in which each follows what it depends on."""

    resources: tuple[Resource, ...] = ()
    pending: tuple[PendingOperation, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
