"""A support file: a provider over a pretended cloud that logs every call in order, with all that it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from engine.provider_api import CheckRequest, InvokeReply, InvokeRequest
from engine.urn import parse
from engine.values import UNKNOWN, Archive, Asset, OutputValue, Props, ResourceRef, Secret
from tests.engine.deploy.cloud import Cloud, CloudProvider

Entry = dict[str, Any]

_IDENTITY = ("urn", "type", "name", "random_seed")


@dataclass
class Recording(Cloud):
    """A pretended cloud with a log of what its provider was told."""

    log: list[Entry] = field(default_factory=list)

    def note(self, call: str, **payload: Any) -> None:
        """Add one entry."""
        with self.lock:
            self.log.append({"call": call, **{key: item for key, item in payload.items() if item not in ({}, "", 0)}})


class Recorder(CloudProvider):
    """The provider; in process it is called as it is, and `wire_server` serves it as a plugin."""

    cloud: Recording

    def _note(self, call: str, request: Any) -> Any:
        self.cloud.note(call.replace("-", "_"), of=_identity(request.urn), **_payload(request))
        return super()._note(call, request)

    def configure(self, inputs: Props) -> None:
        self.cloud.note("configure", inputs=readable(inputs))
        super().configure(inputs)

    def invoke(self, request: InvokeRequest) -> InvokeReply:
        self.cloud.note("invoke", token=request.token, args=readable(request.args), preview=request.preview)
        return super().invoke(request)

    def cancel(self) -> None:
        self.cloud.note("cancel")
        super().cancel()


def _identity(urn: str) -> str:
    parsed = parse(urn)
    return f"{parsed.qualified_type}::{parsed.name}"


def _payload(request: Any) -> Entry:
    payload: Entry = {}
    for one in fields(request):
        value = getattr(request, one.name)
        if one.name in _IDENTITY or value is None:
            continue
        payload[one.name] = readable(value) if isinstance(value, Mapping | list | tuple) else value
    if isinstance(request, CheckRequest):
        payload["seed_bytes"] = len(request.random_seed)
        # An absent value is another message than an empty one.
        payload["olds"] = None if request.olds is None else readable(request.olds) or "{}"
    return {key: value for key, value in payload.items() if value not in (False, [])}


def readable(value: Any) -> Any:
    """A value as JSON that people can read: what is special about it stands in angle brackets."""
    if value is UNKNOWN:
        return "<unknown>"
    if isinstance(value, Secret):
        return {"<secret>": readable(value.value)}
    if isinstance(value, Asset | Archive | ResourceRef | OutputValue):
        known = {one.name: getattr(value, one.name) for one in fields(value)}
        kind = f"<{type(value).__name__.lower()}>"
        return {kind: {key: readable(item) for key, item in known.items() if item not in (None, "", ())}}
    if isinstance(value, Mapping):
        return {key: readable(item) for key, item in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [readable(item) for item in value]
    return value
