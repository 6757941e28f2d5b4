"""Objects looked up: for refresh, import and `.get()`."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from engine.errors import InitFailed
from engine.provider_api import ReadReply, ReadRequest, Severity
from engine.values import Props, Secret, Value
from engine.wire.diff import equal
from engine.wire.paths import MISSING
from providers.kubernetes.context import Context
from providers.kubernetes.errors import ClusterUnreachable, answers_about
from providers.kubernetes.manifest import (
    BOOKKEEPING,
    INPUTS,
    Object,
    field_manager,
    manifest,
    outputs,
    secret_data,
    split_id,
)
from providers.kubernetes.readiness import wait
from providers.kubernetes.token import parse
from providers.plain import reveal

_NOTES = ("deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration")


def read(context: Context, request: ReadRequest) -> ReadReply:
    """The object as it is; an empty id when it is gone, or counts as gone with its cluster."""
    try:
        return _read(context, request)
    except ClusterUnreachable as exc:
        if context.settings.delete_unreachable:
            text = f"{request.id} is forgotten: the cluster cannot be reached, and deleteUnreachable is set"
            context.host.log(Severity.WARNING, text, urn=request.urn)
            return ReadReply(id="", outputs={})
        if context.settings.skip_unreachable:
            text = f"{request.id} is taken as it was: the cluster cannot be reached, and skipUpdateUnreachable is set"
            context.host.log(Severity.WARNING, text, urn=request.urn)
            return ReadReply(id=request.id, outputs=request.outputs, inputs=request.inputs)
        gone = "if the cluster is gone for good, set PULUMI_K8S_DELETE_UNREACHABLE=true"
        raise ClusterUnreachable(exc.message, hint=f"{exc.hint}; {gone}" if exc.hint else gone) from exc


def _read(context: Context, request: ReadRequest) -> ReadReply:
    known = request.outputs.get(INPUTS) is not None
    token = parse(request.type, request.inputs)
    namespace, name = split_id(request.id)
    with answers_about(f"{token.kind} {request.id}"):
        live = context.kube.find(token.api_version, token.kind, name, namespace=namespace)
        if live is None:
            return ReadReply(id="", outputs={})
        inputs = _drifted(request.inputs, request.outputs, live) if known else _adopted(live)
        manager = field_manager(live, request.urn, request.outputs if known else None)
        state = outputs(live, inputs, manager=manager, olds=request.outputs if known else None)
        reasons = wait.why_unready(context, live, asked=manifest(inputs)) if known and not token.patch else ()
    if reasons:
        raise InitFailed(id=request.id, properties=state, reasons=reasons, inputs=inputs)
    return ReadReply(id=request.id, outputs=state, inputs=inputs)


def _adopted(live: Object) -> Object:
    """Inputs that would give this object, without the notes of controllers and of kubectl."""
    found = manifest(live)
    notes = {k: v for k, v in (found["metadata"].get("annotations") or {}).items() if k not in _NOTES}
    meta = {k: v for k, v in found["metadata"].items() if k != "annotations"}
    return secret_data({**found, "metadata": {**meta, "annotations": notes} if notes else meta})


def _drifted(inputs: Props, olds: Props, live: Object) -> Object:
    """The old inputs, changed where the object changed since; how a value was written is kept where it did not."""
    data = {**live, "stringData": _decoded(live, inputs)} if inputs.get("stringData") is not None else live
    before = {**olds, "stringData": _decoded(reveal(olds), inputs)} if inputs.get("stringData") is not None else olds
    kept = {k: v for k, v in inputs.items() if k not in BOOKKEEPING}
    merged = _follow(kept, before, data)
    return secret_data({k: v for k, v in merged.items() if v is not MISSING})


def _follow(given: Value, before: Value, now: Value) -> Any:
    """Along the shape of what was given: take the present value where it differs from the one before."""
    if isinstance(given, Secret):
        followed = _follow(given.value, reveal(before), reveal(now))
        return followed if followed is MISSING else Secret(followed)
    before, now = reveal(before), reveal(now)
    if isinstance(given, Mapping) and isinstance(now, Mapping):
        old = before if isinstance(before, Mapping) else {}
        followed = {k: _follow(v, old.get(k, MISSING), now.get(k, MISSING)) for k, v in given.items()}
        return {k: v for k, v in followed.items() if v is not MISSING}
    if isinstance(given, list) and isinstance(now, list) and isinstance(before, list):
        if len(given) == len(now) == len(before):
            return [_follow(g, b, n) for g, b, n in zip(given, before, now, strict=True)]
        return given if equal(before, now) else now
    return given if before is now or equal(before, now) else now


def _decoded(obj: Mapping[str, Any], inputs: Props) -> dict[str, str]:
    """A Secret's data as text, for the keys that were given as text."""
    data = reveal(obj.get("data")) or {}
    given = reveal(inputs.get("stringData")) or {}
    return {key: base64.b64decode(data[key]).decode("utf-8", "replace") for key in given if key in data}
