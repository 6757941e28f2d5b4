"""The options of a resource as hooks are told them."""

from __future__ import annotations

from pulumi.runtime.proto import alias_pb2, resource_pb2

from engine.state.model import Resource, Timeouts
from engine.wire.hook_binding import fill_bindings


def options_of(resource: Resource) -> resource_pb2.ResourceOptions:
    """What the state knows of a resource's options."""
    options = resource_pb2.ResourceOptions(
        depends_on=resource.dependencies,
        ignore_changes=resource.ignore_changes,
        replace_on_changes=resource.replace_on_changes,
        hide_diff=resource.hide_diff,
        additional_secret_outputs=resource.additional_secret_outputs,
        aliases=[alias_pb2.Alias(urn=urn) for urn in resource.aliases],
        provider=resource.provider,
        parent=resource.parent,
        deleted_with=resource.deleted_with,
        replace_with=resource.replace_with,
        protect=resource.protect,
        retain_on_delete=resource.retain_on_delete,
    )
    setattr(options, "import", resource.import_id)
    if resource.custom_timeouts != Timeouts():
        for kind in ("create", "update", "delete", "read"):
            setattr(options.custom_timeouts, kind, _duration(getattr(resource.custom_timeouts, kind)))
    if resource.hooks:
        fill_bindings(options.hooks, resource.hooks)
    return options


def _duration(seconds: float) -> str:
    """A duration as Go prints it: 5m0s."""
    if not seconds:
        return ""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    text = f"{hours}h" if hours else ""
    return f"{text}{minutes}m{rest:.9g}s" if hours or minutes else f"{rest:.9g}s"
