"""What an engine asks of a plugin: from protobuf to the dataclasses that providers take."""

from __future__ import annotations

import json
from typing import Any

from engine.provider_api import (
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    DiffRequest,
    Info,
    InvokeRequest,
    ReadRequest,
    UpdateRequest,
)
from engine.urn import name_of, type_of
from engine.values import Props
from engine.values_walk import plain
from engine.wire.struct import decode


def check(request: Any) -> CheckRequest:
    """Inputs or settings to check."""
    return CheckRequest(
        **_which(request),
        news=decode(request.news),
        # Some engines say "none" by an empty object.
        olds=decode(request.olds) or None,
        random_seed=request.randomSeed,
    )


def diff(request: Any) -> DiffRequest:
    """Old and new; an engine that sends no old inputs means that old outputs have to do."""
    return DiffRequest(
        **_which(request),
        id=request.id,
        olds=decode(request.olds),
        old_inputs=decode(request.old_inputs if request.HasField("old_inputs") else request.olds),
        news=decode(request.news),
        ignore_changes=tuple(request.ignoreChanges),
    )


def settings(request: Any, info: Info) -> Props:
    """The settings of a provider: `args`, or what old engines put into `variables`."""
    if request.HasField("args"):
        args = {key: value for key, value in decode(request.args).items() if key != "version"}
        return args if info.accept_secrets else dict(plain(args))
    return {key.rpartition(":")[2]: _value(text) for key, text in request.variables.items()}


def create(request: Any) -> CreateRequest:
    """What to make."""
    return CreateRequest(
        **_which(request), inputs=decode(request.properties), timeout=request.timeout, preview=request.preview
    )


def read(request: Any) -> ReadRequest:
    """What to look up."""
    return ReadRequest(
        **_which(request),
        id=request.id,
        inputs=decode(request.inputs),
        outputs=decode(request.properties),
        timeout=request.timeout,
    )


def update(request: Any) -> UpdateRequest:
    """What to change."""
    return UpdateRequest(
        **_which(request),
        id=request.id,
        olds=decode(request.olds),
        old_inputs=decode(request.old_inputs),
        news=decode(request.news),
        timeout=request.timeout,
        ignore_changes=tuple(request.ignoreChanges),
        preview=request.preview,
    )


def delete(request: Any) -> DeleteRequest:
    """What to remove."""
    return DeleteRequest(
        **_which(request),
        id=request.id,
        inputs=decode(request.old_inputs),
        outputs=decode(request.properties),
        timeout=request.timeout,
    )


def invoke(request: Any) -> InvokeRequest:
    """A function call."""
    return InvokeRequest(token=request.tok, args=decode(request.args), preview=request.preview)


def _which(request: Any) -> dict[str, Any]:
    # Older engines send the URN alone.
    return {
        "urn": request.urn,
        "type": request.type or type_of(request.urn),
        "name": request.name or name_of(request.urn),
    }


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
