"""Read steps: resources that the program only looks up."""

from __future__ import annotations

from dataclasses import replace

from engine.deploy.claim import claim
from engine.deploy.context import Context, now
from engine.deploy.decide.step import Op, Step
from engine.deploy.deleter import Deleter
from engine.deploy.do.calls import Calls
from engine.deploy.do.done import Done
from engine.deploy.performer import Performer
from engine.errors import EngineError, InitFailed, ProviderError
from engine.provider_api import ReadReply
from engine.state.model import Resource
from engine.urn import name_of
from engine.values import UNKNOWN
from engine.wire.diff import equal
from engine.wire.registration import Reading


class Reader:
    """Reads existing resources and keeps them in the state as external ones."""

    def __init__(self, context: Context, performer: Performer, deleter: Deleter) -> None:
        self._context = context
        self._performer = performer
        self._deleter = deleter

    async def read(self, request: Reading, urn: str, provider: str) -> Resource:
        """The state of the resource with that id."""
        olds, snapshot = self._context.olds, self._context.snapshot
        olds.register(urn)
        original = claim(self._context, urn, request.parent)
        old = None if original is None else snapshot.current(original)
        planned = Resource(
            urn=urn,
            type=request.type,
            custom=True,
            external=True,
            id="" if request.id is UNKNOWN else str(request.id),
            inputs=request.inputs,
            parent=request.parent,
            provider=provider,
            dependencies=request.dependencies,
            additional_secret_outputs=request.additional_secret_outputs,
        )
        replaces = old is not None and not old.external and old.id != planned.id

        def record(new: Resource | None) -> None:
            assert new is not None
            snapshot.put(new, instead_of=None if replaces else original)
            if replaces and original is not None and old is not None:
                snapshot.mark(original, replace(old, delete=True))
                self._deleter.later(original)

        step = Step(op=Op.READ_REPLACEMENT if replaces else Op.READ, old=old, new=planned)
        if request.id is UNKNOWN:
            record(planned)
            await self._performer.settle(step, changed=False)
            return planned
        calls = self._context.calls(request.type, provider)
        state = await self._performer.perform(step, lambda: _read(calls, planned, old), record)
        assert state is not None
        if replaces:
            olds.replaced.add(urn)
            await self._performer.settle(Step(op=Op.REPLACE, old=old, new=state), changed=False)
        return state


def _read(calls: Calls, planned: Resource, old: Resource | None) -> Done:
    reasons: tuple[str, ...] = ()
    error: EngineError | None = None
    try:
        # Pulumi hands the program's properties to the provider as inputs and as state.
        reply = calls.read(replace(planned, outputs=planned.inputs))
    except InitFailed as failure:
        reply = ReadReply(id=failure.id, outputs=failure.properties)
        reasons, error = failure.reasons, failure
    if not reply.id:
        raise ProviderError(f"resource '{planned.id}' ({name_of(planned.urn)}) does not exist")
    state = replace(planned, id=reply.id, outputs=reply.outputs, init_errors=reasons)
    return Done(state=state if old is None else _dated(state, old), error=error)


def _dated(state: Resource, old: Resource) -> Resource:
    same = equal(old.inputs, state.inputs) and equal(old.outputs, state.outputs)
    return replace(state, created=old.created, modified=old.modified if same else now())
