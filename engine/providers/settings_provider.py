"""Provider resources as resources of a provider: check, diff and create of `pulumi:providers:*`."""

from __future__ import annotations

import dataclasses
import uuid

from engine.errors import UnsupportedError
from engine.provider_api import (
    CheckReply,
    CheckRequest,
    CreateReply,
    CreateRequest,
    DeleteRequest,
    DiffChanges,
    DiffReply,
    DiffRequest,
    Info,
    InvokeReply,
    InvokeRequest,
    Provider,
    ReadReply,
    ReadRequest,
    UpdateReply,
    UpdateRequest,
)
from engine.providers.fleet import Fleet
from engine.providers.instance import INTERNAL, settings_of
from engine.providers.reference import UNKNOWN_ID
from engine.values import Props


class SettingsProvider(Provider):
    """Serves provider resources by asking the providers themselves about their settings."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    @property
    def info(self) -> Info:
        """Takes every kind of value, as it passes them on."""
        return Info(name="pulumi", version="", accept_secrets=True, accept_resources=True)

    def check(self, request: CheckRequest) -> CheckReply:
        """CheckConfig of the package's provider."""
        own = {key: request.news[key] for key in ("version", INTERNAL) if key in request.news}
        instance = self._fleet.trial(request.type, request.urn, request.news)
        if instance.unknown:
            return CheckReply(inputs=request.news)
        olds = None if request.olds is None else settings_of(request.olds)
        news = settings_of(request.news)
        reply = instance.loaded().check_config(dataclasses.replace(request, news=news, olds=olds))
        return CheckReply(inputs={**reply.inputs, **own}, failures=reply.failures)

    def diff(self, request: DiffRequest) -> DiffReply:
        """DiffConfig of the package's provider; equal settings need no asking."""
        if request.old_inputs == request.news:
            return DiffReply(changes=DiffChanges.NONE)
        instance = self._fleet.trial(request.type, request.urn, request.news)
        old, new = settings_of(request.old_inputs), settings_of(request.news)
        if old == new or instance.unknown:
            # Another version with the same settings is no reason to replace anything.
            return DiffReply(changes=DiffChanges.SOME)
        olds = settings_of(request.olds)
        reply = instance.loaded().diff_config(dataclasses.replace(request, olds=olds, old_inputs=old, news=new))
        if reply.changes is DiffChanges.NONE:
            return dataclasses.replace(reply, changes=DiffChanges.SOME)
        return reply

    def create(self, request: CreateRequest) -> CreateReply:
        """A fresh id; the provider itself is made when it is first used."""
        id = UNKNOWN_ID if request.preview else str(uuid.uuid4())
        return CreateReply(id=id, outputs=_outputs(request.inputs))

    def read(self, request: ReadRequest) -> ReadReply:
        """Settings live in the state alone."""
        return ReadReply(id=request.id, outputs=request.outputs, inputs=request.inputs)

    def update(self, request: UpdateRequest) -> UpdateReply:
        """New settings under the old id."""
        return UpdateReply(outputs=_outputs(request.news))

    def delete(self, request: DeleteRequest) -> None:
        """Nothing to remove: the fleet closes its providers at the end."""

    def check_config(self, request: CheckRequest) -> CheckReply:
        """The engine's own provider has no settings."""
        return CheckReply(inputs=request.news)

    def diff_config(self, request: DiffRequest) -> DiffReply:
        """The engine's own provider has no settings."""
        del request
        return DiffReply(changes=DiffChanges.NONE)

    def configure(self, inputs: Props) -> None:
        """The engine's own provider has no settings."""

    def invoke(self, request: InvokeRequest) -> InvokeReply:
        """Provider resources have no functions."""
        raise UnsupportedError(f"the function {request.token} is not done by this engine")

    def cancel(self) -> None:
        """No call of this provider waits for anything."""

    def close(self) -> None:
        """Holds nothing."""


def _outputs(inputs: Props) -> Props:
    return {key: value for key, value in inputs.items() if key != INTERNAL}
