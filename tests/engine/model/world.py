"""A support file: a stack and its cloud, which complain as soon as one of the rules is broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.errors import InitFailed, ProviderError
from engine.provider_api import CreateReply, CreateRequest, UpdateReply, UpdateRequest
from engine.state.model import Deployment, Resource
from engine.state.serialise import StateCodec, unwrap, wrap_export
from engine.urn import is_provider_type, name_of
from tests.engine.deploy.cloud import CloudProvider
from tests.engine.deploy.stage import Stage
from tests.engine.model.shape import SECRET

THING = "cloud:index:Thing"


class KnowingProvider(CloudProvider):
    """Its cloud knows what is secret, so that a look at it tells no secret openly."""

    def create(self, request: CreateRequest) -> CreateReply:
        reply = super().create(request)
        if reply.id in self.cloud.things:
            self.cloud.things[reply.id] = dict(request.inputs)
        return reply

    def update(self, request: UpdateRequest) -> UpdateReply:
        reply = super().update(request)
        if not request.preview:
            self.cloud.things[request.id] = dict(request.news)
        return reply


@dataclass
class World(Stage):
    """Every save is checked: it is sound, holds no secret openly, and says the same when it is read again."""

    codec: StateCodec = field(default_factory=lambda: StateCodec(None))
    moments: list[tuple[Deployment, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    spared: dict[str, str] = field(default_factory=dict)
    """Ids that nobody is asked to delete, by the name of the owner that they go with ("" for those kept on purpose)."""

    def _save(self, deployment: Deployment) -> None:
        if self.saves:
            # As if the process had died after the last provider call, before this save.
            self.moments.append((self.saves[-1], dict(self.cloud.things), dict(self.spared)))
        super()._save(deployment)
        self._note_spared(deployment)
        self.moments.append((deployment, dict(self.cloud.things), dict(self.spared)))
        text = self.codec.dump(deployment)
        assert SECRET not in text, "a secret lies open in the state"
        if len(self.saves) % 5 == 1:
            read = self.codec.load(unwrap(wrap_export(text), key="deployment", what="the state"))
            assert read.resources == deployment.resources
            assert read.pending == deployment.pending

    def _note_spared(self, deployment: Deployment) -> None:
        for one in deployment.resources:
            if one.retain_on_delete:
                self.spared[one.id] = ""
            elif one.deleted_with:
                self.spared[one.id] = name_of(one.deleted_with)

    def break_down(self, sabotage: Sequence[tuple[str, str, str]]) -> None:
        """Let calls go wrong."""
        for call, name, way in sabotage:
            self.cloud.on(call, name, _TROUBLE[way](self, call))

    def crash(self, percent: int) -> None:
        """Go back to a moment of the last update, as if its process had died there; what was lost is named."""
        if not self.moments:
            return
        moment = self.moments[min(len(self.moments) - 1, percent * len(self.moments) // 100)]
        self.state, self.cloud.things, self.spared = moment
        known = {one.id for one in self.state.resources}
        creating = [name_of(one.resource.urn) for one in self.state.pending if one.type == "creating"]
        unknown = [id for id in self.cloud.things if id not in known and id not in self.spared]
        assert all(id.partition("-")[0] in creating for id in unknown), (unknown, creating)
        for id in unknown:
            self.cloud.things.pop(id)
        self.state = replace(self.state, pending=())

    def agree(self) -> None:
        """What the cloud has is what the state knows, no more and no less."""
        known = [one for one in self.state.resources if one.type == THING and not one.pending_replacement]
        ids = sorted(one.id for one in known)
        for id in [one for one in self.cloud.things if one not in ids]:
            assert id in self.spared, f"{id} is lost"
            owner = self.spared[id]
            stays = owner in self.names() and ("delete", owner) not in self.cloud.calls
            assert not owner or not stays, f"{id} is lost, though its owner stays"
            self.cloud.things.pop(id)
        assert ids == sorted(self.cloud.things)
        assert self.state.pending == ()

    def unprotect(self) -> None:
        """As `state unprotect --all` does."""
        self.state = replace(self.state, resources=tuple(replace(one, protect=False) for one in self.state.resources))

    def things(self) -> list[Resource]:
        """All resources that the cloud's provider manages."""
        return [one for one in self.state.resources if one.custom and not is_provider_type(one.type)]


def _half(world: World, call: str) -> Any:
    def half(request: Any) -> None:
        if isinstance(request, CreateRequest):
            world.cloud.count += 1
            id = f"{name_of(request.urn)}-half-{world.cloud.count}"
            world.cloud.things[id] = {}
            raise InitFailed(id=id, properties={"made": id}, reasons=["not ready"])
        if isinstance(request, UpdateRequest):
            raise InitFailed(id=request.id, properties={"made": request.id}, reasons=["not ready"])
        raise ProviderError(f"{call} went wrong half way")

    return half


def _raising(error: Exception) -> Any:
    def prepare(_world: World, _call: str) -> Any:
        def trouble(_request: Any) -> None:
            raise error

        return trouble

    return prepare


_TROUBLE = {
    "half": _half,
    "refuse": _raising(ProviderError("refused")),
    "throttle": _raising(ProviderError("429 Too Many Requests: slow down")),
    "break": _raising(RuntimeError("a bug in the provider")),
}
