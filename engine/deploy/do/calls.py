"""The calls of one provider, with the rules that hold for every provider: previews, secrets, unknown settings."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.deploy.do import replies
from engine.deploy.do.marshal import for_provider, with_secrets
from engine.errors import InitFailed, ProviderError
from engine.provider_api import (
    CheckReply,
    CheckRequest,
    CreateReply,
    CreateRequest,
    DeleteRequest,
    DiffChanges,
    DiffReply,
    DiffRequest,
    InvokeReply,
    InvokeRequest,
    Provider,
    ReadReply,
    ReadRequest,
    UpdateReply,
    UpdateRequest,
)
from engine.providers.instance import Instance
from engine.state.model import Resource
from engine.urn import name_of
from engine.values import UNKNOWN, Props, Secret
from engine.values_walk import has_unknown
from engine.wire.assets import hash_props

_SEED_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Calls to one provider in one update; they block, and may come from several threads."""

    instance: Instance
    preview: bool
    directory: Path

    def check(self, urn: str, type: str, *, news: Props, olds: Props | None) -> CheckReply:
        """Validate and complete inputs; `olds` are old inputs."""
        hashed = hash_props(news, self.directory)
        if self.instance.unknown:
            return CheckReply(inputs=hashed)
        provider = self._provider(type)
        request = CheckRequest(
            urn=urn,
            type=type,
            name=name_of(urn),
            news=for_provider(hashed, provider.info),
            olds=None if olds is None else for_provider(olds, provider.info),
            random_seed=secrets.token_bytes(_SEED_BYTES),
        )
        reply = replies.checked(provider.check(request))
        return replace(reply, inputs=with_secrets(self._sure(reply.inputs), hashed, ()))

    def diff(self, old: Resource, news: Props, ignore: Sequence[str] = ()) -> DiffReply:
        """Compare an existing resource with new, checked inputs."""
        if self.instance.unknown:
            return DiffReply(changes=DiffChanges.SOME)
        provider = self._provider(old.type)
        info = provider.info
        request = DiffRequest(
            urn=old.urn,
            type=old.type,
            name=name_of(old.urn),
            id=old.id,
            olds=for_provider(old.outputs, info),
            old_inputs=for_provider(old.inputs, info),
            news=for_provider(news, info),
            ignore_changes=tuple(ignore),
        )
        return replies.differing(provider.diff(request))

    def create(self, new: Resource) -> CreateReply:
        """Make a resource (or, in a preview, foretell it)."""
        if self.preview and self.instance.unknown:
            return CreateReply(id="", outputs={})
        provider = self._provider(new.type)
        if self.preview and not provider.info.supports_preview:
            return CreateReply(id="", outputs=new.inputs)
        request = CreateRequest(
            urn=new.urn,
            type=new.type,
            name=name_of(new.urn),
            inputs=self._inputs(new, provider),
            timeout=new.custom_timeouts.create,
            preview=self.preview,
        )
        try:
            reply = replies.created(provider.create(request))
        except InitFailed as failure:
            raise self._partial(failure, new) from failure
        if not reply.id and not self.preview:
            raise ProviderError(f"the provider of {new.type} made '{name_of(new.urn)}', but gave it no id")
        return replace(reply, outputs=self._outputs(reply.outputs, new))

    def update(self, old: Resource, new: Resource) -> UpdateReply:
        """Change a resource in place (or foretell it)."""
        if self.preview and self.instance.unknown:
            return UpdateReply(outputs={})
        provider = self._provider(new.type)
        if self.preview and not provider.info.supports_preview:
            return UpdateReply(outputs=new.inputs)
        info = provider.info
        request = UpdateRequest(
            urn=new.urn,
            type=new.type,
            name=name_of(new.urn),
            id=old.id,
            olds=for_provider(old.outputs, info),
            old_inputs=for_provider(old.inputs, info),
            news=self._inputs(new, provider),
            timeout=new.custom_timeouts.update,
            ignore_changes=new.ignore_changes,
            preview=self.preview,
        )
        try:
            reply = replies.updated(provider.update(request))
        except InitFailed as failure:
            raise self._partial(failure, new) from failure
        return replace(reply, outputs=self._outputs(reply.outputs, new))

    def read(self, resource: Resource) -> ReadReply:
        """Look a resource up."""
        provider = self._provider(resource.type)
        info = provider.info
        request = ReadRequest(
            urn=resource.urn,
            type=resource.type,
            name=name_of(resource.urn),
            id=resource.id,
            inputs=for_provider(resource.inputs, info),
            outputs=for_provider(resource.outputs, info),
            timeout=resource.custom_timeouts.read,
        )
        try:
            reply = replies.read(provider.read(request))
        except InitFailed as failure:
            raise self._partial(failure, resource) from failure
        if not reply.id:
            return ReadReply(id="", outputs={})
        inputs = None if reply.inputs is None else with_secrets(reply.inputs, resource.inputs, ())
        # Where nobody says otherwise, what was secret before stays so.
        outputs = with_secrets(reply.outputs, resource.outputs, ())
        return replace(reply, outputs=self._outputs(outputs, resource), inputs=inputs)

    def delete(self, old: Resource) -> None:
        """Remove a resource."""
        provider = self._provider(old.type)
        provider.delete(
            DeleteRequest(
                urn=old.urn,
                type=old.type,
                name=name_of(old.urn),
                id=old.id,
                inputs=for_provider(old.inputs, provider.info),
                outputs=for_provider(old.outputs, provider.info),
                timeout=old.custom_timeouts.delete,
            )
        )

    def invoke(self, token: str, args: Props) -> InvokeReply:
        """Call a function."""
        provider = self._provider(token)
        request = InvokeRequest(token=token, args=for_provider(args, provider.info), preview=self.preview)
        return replies.invoked(provider.invoke(request))

    def _provider(self, type: str) -> Provider:
        if self.instance.unknown:
            raise ProviderError(f"the provider of {type} can't be used yet: its settings are not known")
        return self.instance.configured()

    def _inputs(self, new: Resource, provider: Provider) -> Props:
        if not self.preview and has_unknown(new.inputs):
            raise ProviderError(f"an input of '{name_of(new.urn)}' is unknown outside a preview")
        return for_provider(new.inputs, provider.info)

    def _outputs(self, outputs: Props, resource: Resource) -> Props:
        additional = resource.additional_secret_outputs
        marked = with_secrets(self._sure(outputs), resource.inputs, additional)
        if not self.preview:
            return marked
        # What is to be secret must be so even before anybody knows the value.
        return {**marked, **{key: Secret(UNKNOWN) for key in additional if key not in marked}}

    def _sure(self, props: Props) -> Props:
        """Only previews know unknowns; elsewhere such properties are left out, as Pulumi does."""
        if self.preview or not any(has_unknown(item) for item in props.values()):
            return props
        return {key: item for key, item in props.items() if not has_unknown(item)}

    def _partial(self, failure: InitFailed, resource: Resource) -> InitFailed:
        failure = replies.half_done(failure, id=resource.id)
        return InitFailed(
            id=failure.id,
            properties=self._outputs(failure.properties, resource),
            reasons=failure.reasons,
            inputs=failure.inputs,
        )
