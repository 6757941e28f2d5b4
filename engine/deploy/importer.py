"""Take resources over that were made by somebody else: the `import_` option of a program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.deploy.context import Context, now
from engine.deploy.decide.goal import Goal
from engine.deploy.decide.step import Op, Step
from engine.deploy.do.calls import Calls
from engine.deploy.do.done import Done
from engine.deploy.do.marshal import with_secrets
from engine.deploy.performer import Performer
from engine.deploy.refresh import flagged
from engine.errors import EngineError, InitFailed, ProviderError
from engine.provider_api import ReadReply, Severity
from engine.state.model import Resource
from engine.urn import package_of


def asks_for_import(goal: Goal, old: Resource | None) -> bool:
    """Whether the program names an existing resource that the state does not know under that id."""
    if not goal.import_id or not goal.custom:
        return False
    return old is None or old.external or (old.import_id or old.id) != goal.import_id


class Importer:
    """Reads existing resources into the state, as if they had been made here."""

    def __init__(self, context: Context, performer: Performer) -> None:
        self._context = context
        self._performer = performer

    async def take(
        self, goal: Goal, old: Resource | None, record: Callable[[Resource | None], None], *, replacing: bool
    ) -> Resource:
        """The state of the resource as it really is."""
        planned = goal.state(id=goal.import_id, inputs={}, outputs={})
        op = Op.IMPORT_REPLACEMENT if replacing else Op.IMPORT
        step = Step(op=op, old=old if replacing else None, new=planned)
        calls = self._context.calls(goal.type, goal.provider)
        state = await self._performer.perform(step, lambda: read_existing(calls, goal, planned), record)
        assert state is not None
        if replacing:
            logical = Step(op=Op.REPLACE, old=old, new=state)
            await self._performer.settle(logical, changed=False)
        return state

    def refuse_replacement(self, goal: Goal, keys: tuple[str, ...]) -> None:
        """A resource whose id the program prescribes can't get another one; a preview only warns."""
        if not goal.import_id:
            return
        error = EngineError(
            "previously-imported resources that still specify an ID may not be replaced; "
            f"please remove the `import` declaration from your program;\n{', '.join(keys)}".rstrip(";\n")
        )
        if not self._context.preview:
            raise error
        self._context.reporter.log(Severity.WARNING, error.message, urn=goal.urn)


def read_existing(calls: Calls, goal: Goal, planned: Resource) -> Done:
    """What the provider knows of the resource whose id the goal names."""
    reasons: tuple[str, ...] = ()
    try:
        reply = calls.read(planned)
    except InitFailed as failure:
        reply = ReadReply(id=failure.id, outputs=failure.properties, inputs=failure.inputs)
        reasons = failure.reasons
    if not reply.id:
        raise ProviderError(f"resource '{goal.import_id}' does not exist")
    if reply.inputs is None:
        raise ProviderError(
            f"provider does not support importing resources; please try updating the '{package_of(goal.type)}' plugin"
        )
    time = now()
    return Done(
        state=replace(
            planned,
            id=reply.id,
            # The provider can't know what the program holds for secret.
            inputs=with_secrets(reply.inputs, goal.inputs, ()),
            outputs=with_secrets(reply.outputs, goal.inputs, ()),
            init_errors=reasons,
            extra=flagged({}, on=reply.refresh_before_update),
            created=time,
            modified=time,
        )
    )
