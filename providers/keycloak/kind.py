"""A kind of thing in Keycloak: how the engine's calls become requests, and what state says of it afterwards."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.provider_api import (
    CheckFailure,
    CheckReply,
    CheckRequest,
    CreateReply,
    CreateRequest,
    DeleteRequest,
    DiffReply,
    DiffRequest,
    ReadReply,
    ReadRequest,
    UpdateReply,
    UpdateRequest,
)
from engine.values import UNKNOWN, Props
from providers.errors import BadInput, ImportRefused
from providers.keycloak import diff
from providers.keycloak.api import Api
from providers.keycloak.body import empty
from providers.keycloak.check import DEFAULTS, bare, checked
from providers.keycloak.errors import KeycloakError
from providers.keycloak.field import Field
from providers.plain import reveal

Found = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Kind(ABC):
    """What all kinds share; a subclass says how one is made, looked up, changed and removed."""

    fields: Sequence[Field]
    imports: Sequence[str] = ()
    """The parts of the id that an import takes, such as `realmId` and `id`."""
    schema_version: int = 0

    @abstractmethod
    def make(self, api: Api, props: Props) -> str:
        """Make it; its id."""

    @abstractmethod
    def fetch(self, api: Api, identity: str, prior: Props) -> Found | None:
        """Its properties as Keycloak has them; None when it is gone."""

    @abstractmethod
    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """Make it be as the new properties say."""

    @abstractmethod
    def remove(self, api: Api, identity: str, props: Props) -> None:
        """Remove it; that it is gone already is fine."""

    def failures(self, inputs: Props) -> list[CheckFailure]:
        """What else is wrong with the inputs; none of them is a secret, some may be unknown."""
        del inputs
        return []

    def locate(self, api: Api, props: Props) -> str:
        """The id of the one that an import's parts mean."""
        del api
        return str(props["id"])

    def check(self, request: CheckRequest) -> CheckReply:
        """Inputs made complete."""
        inputs, failures = checked(self.fields, request)
        return CheckReply(inputs=inputs, failures=[*failures, *self.failures(bare(reveal(inputs)))])

    def diff(self, request: DiffRequest) -> DiffReply:
        """What an update would change."""
        return diff.diff(self.fields, request)

    def create(self, api: Api, request: CreateRequest) -> CreateReply:
        """Make it, and look at what came of it."""
        props = bare(request.inputs)
        identity = self._tried(lambda: self.make(api, props), request.name)
        found = self.fetch(api, identity, props)
        if found is None:
            raise KeycloakError(f"{request.type} '{request.name}' was made, but keycloak does not know it afterwards")
        return CreateReply(id=identity, outputs=self._outputs(found))

    def read(self, api: Api, request: ReadRequest) -> ReadReply:
        """What Keycloak has now; on import, from the id alone."""
        prior, identity = bare(request.outputs), request.id
        if not prior:
            prior, identity = self._adopted(api, request)
        found = self.fetch(api, identity, prior)
        if found is None:
            return ReadReply(id="", outputs={}, inputs={})
        inputs = self._inputs(found, request.inputs if request.outputs else None)
        return ReadReply(id=identity, outputs=self._outputs(found), inputs=inputs)

    def update(self, api: Api, request: UpdateRequest) -> UpdateReply:
        """Change it, and look at what came of it."""
        olds, news = bare(request.olds), bare(request.news)
        self._tried(lambda: self.change(api, request.id, olds, news), request.name)
        found = self.fetch(api, request.id, {**self._decided(olds), **news})
        if found is None:
            raise KeycloakError(f"{request.type} '{request.name}' was changed, but keycloak does not know it any more")
        return UpdateReply(outputs=self._outputs(found))

    def previewed(self, request: CreateRequest) -> CreateReply:
        """What would be made; what Keycloak decides is not known yet."""
        props = bare(request.inputs)
        later = {one.name: UNKNOWN for one in self.fields if one.has("output", "computed") and one.name not in props}
        return CreateReply(id="", outputs={**props, **later})

    def foretold(self, request: UpdateRequest) -> UpdateReply:
        """What a change would lead to."""
        return UpdateReply(outputs={**self._decided(bare(request.olds)), **bare(request.news)})

    def delete(self, api: Api, request: DeleteRequest) -> None:
        """Remove it."""
        self.remove(api, request.id, bare(request.outputs))

    def _decided(self, olds: Props) -> Found:
        return {one.name: olds[one.name] for one in self.fields if one.has("output", "computed") and one.name in olds}

    def _adopted(self, api: Api, request: ReadRequest) -> tuple[Found, str]:
        parts = request.id.split("/")
        if not self.imports:
            raise ImportRefused(f"{request.type} cannot be imported: nothing of it can be told from an id")
        if len(parts) < len(self.imports):
            wanted = "/".join("{" + part + "}" for part in self.imports)
            raise ImportRefused(f"{request.type} cannot be imported by '{request.id}'; write the id as {wanted}")
        last = len(self.imports) - 1
        props: Found = dict(zip(self.imports, [*parts[:last], "/".join(parts[last:])], strict=True))
        identity = self.locate(api, props)
        return {key: value for key, value in props.items() if key != "id"}, identity

    def _outputs(self, found: Found) -> Found:
        return {**found, "__meta": f'{{"schema_version":"{self.schema_version}"}}'} if self.schema_version else found

    def _inputs(self, found: Found, known: Props | None) -> Found:
        """The inputs that lead to what was found: those known before, or on import whatever is not as if left out."""
        if known is not None:
            fields = {one.name: one for one in self.fields}
            return {
                key: value if diff.same(fields.get(key), value, found.get(key)) else _like(value, found.get(key))
                for key, value in reveal(known).items()
            }
        given = [f for f in self.fields if not f.has("output", "wo") and f.name in found]
        told = {f.name: found[f.name] for f in given if not empty(found[f.name]) and found[f.name] != f.default}
        return {**told, DEFAULTS: []}

    def _tried(self, work: Any, name: str) -> Any:
        try:
            return work()
        except ValueError as exc:
            raise BadInput(f"'{name}' has inputs that cannot be used: {exc}") from exc


def _like(old: Any, new: Any) -> Any:
    """The value found, with only those parts that were given before."""
    if new is None:
        return old
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return {key: _like(value, new.get(key)) for key, value in old.items() if key in new or key.startswith("__")}
    if isinstance(old, list) and isinstance(new, list) and _same_members(bare(old), new):
        return old
    return new


def _same_members(old: list[Any], new: list[Any]) -> bool:
    def told(one: Any, other: Any) -> bool:
        both = isinstance(one, Mapping) and isinstance(other, Mapping)
        return all(other.get(key) == value for key, value in one.items()) if both else bool(one == other)

    return len(old) == len(new) and all(any(told(one, other) for other in new) for one in old)
