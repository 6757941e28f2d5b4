"""What the program wants one resource to be, once everything that it inherits is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.state.model import Resource, Timeouts
from engine.values import Props, Value
from engine.wire.registration import Alias


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A registration with its URN, its provider and its inherited options."""

    urn: str
    type: str
    name: str
    custom: bool
    parent: str = ""
    provider: str = ""
    inputs: Props = field(default_factory=dict)
    protect: bool = False
    retain_on_delete: bool = False
    delete_before_replace: bool | None = None
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
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

    def state(self, *, id: str, inputs: Props, outputs: Props, old: Resource | None = None) -> Resource:
        """The state of a resource that fulfils the goal; times and unknown keys come from the old one."""
        return Resource(
            urn=self.urn,
            type=self.type,
            custom=self.custom,
            id=id,
            inputs=inputs,
            outputs=outputs,
            parent=self.parent,
            provider=self.provider,
            dependencies=self.dependencies,
            property_dependencies=self.property_dependencies,
            protect=self.protect,
            retain_on_delete=self.retain_on_delete,
            deleted_with=self.deleted_with,
            replace_with=self.replace_with,
            additional_secret_outputs=self.additional_secret_outputs,
            custom_timeouts=self.timeouts,
            import_id=self.import_id,
            created=old.created if old else "",
            modified=old.modified if old else "",
            ignore_changes=self.ignore_changes,
            replace_on_changes=self.replace_on_changes,
            hide_diff=self.hide_diff,
            replacement_trigger=self.replacement_trigger,
            hooks=self.hooks,
            extra=old.extra if old else {},
        )
