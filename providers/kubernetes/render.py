"""Manifests written to a folder instead of being sent to a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from engine.provider_api import (
    CreateReply,
    CreateRequest,
    DeleteRequest,
    Severity,
    UpdateReply,
    UpdateRequest,
)
from engine.values import Props
from providers.kubernetes.context import Context
from providers.kubernetes.manifest import INPUTS, Object, field_manager, manifest, object_id, outputs
from providers.kubernetes.normal import is_definition
from providers.plain import is_secret, reveal


def create(context: Context, request: CreateRequest) -> CreateReply:
    """Write the object's file."""
    if request.preview:
        return CreateReply(id="", outputs=request.inputs)
    obj = manifest(request.inputs)
    _write(context, obj, request.inputs, request.urn)
    state = outputs(obj, request.inputs, manager=field_manager(obj, request.urn))
    return CreateReply(id=object_id(obj), outputs=state)


def update(context: Context, request: UpdateRequest) -> UpdateReply:
    """Write the object's file anew."""
    if request.preview:
        return UpdateReply(outputs=request.news)
    obj = manifest(request.news)
    _write(context, obj, request.news, request.urn)
    manager = field_manager(obj, request.urn, request.olds)
    return UpdateReply(outputs=outputs(obj, request.news, manager=manager, olds=request.olds))


def delete(context: Context, request: DeleteRequest) -> None:
    """Remove the object's file."""
    _path(context, manifest(request.inputs or reveal(request.outputs.get(INPUTS)))).unlink(missing_ok=True)


def _write(context: Context, obj: Object, inputs: Props, urn: str) -> None:
    path = _path(context, obj)
    if is_secret(inputs):
        context.host.log(Severity.WARNING, f"rendered file {path} contains a secret value in plaintext", urn=urn)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(obj, default_flow_style=False, allow_unicode=True), encoding="utf-8")
    context.host.log(Severity.INFO, f"rendered {path}", urn=urn, ephemeral=True)


def _path(context: Context, obj: Object) -> Path:
    """Definitions lie apart, so that they can be applied first."""
    folder = Path(context.host.directory, context.settings.render_to)
    version = _file_name(obj["apiVersion"])
    meta: dict[str, Any] = obj["metadata"]
    name = f"{version}-{obj['kind'].lower()}-{meta.get('namespace') or 'default'}-{meta['name']}.yaml"
    return folder / ("0-crd" if is_definition(obj) else "1-manifest") / name


def _file_name(text: str) -> str:
    return text.replace("/", "_").replace(":", "_")
