"""`import`: read resources that exist into the state, without a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.deploy.api import ImportSpec
from engine.deploy.context import Context
from engine.deploy.decide.goal import Goal
from engine.deploy.decide.step import Op, Step
from engine.deploy.default_providers import DefaultProviders
from engine.deploy.deleter import Deleter
from engine.deploy.do.calls import Calls
from engine.deploy.do.done import Done
from engine.deploy.family import Family
from engine.deploy.importer import read_existing
from engine.deploy.performer import Performer
from engine.deploy.placer import Placer
from engine.errors import EngineError, UnsupportedError
from engine.provider_api import Severity
from engine.providers.reference import default_name
from engine.state.model import Resource
from engine.urn import PROVIDER_PREFIX, STACK_TYPE, is_provider_type, package_of, provider_reference
from engine.wire.registration import ProviderChoice


async def import_resources(context: Context) -> None:
    """Import what was asked for, parents first."""
    run = ImportRun(context)
    await run.keep_all()
    for one in run.in_order(context.update.imports):
        context.control.gate()
        await run.take(one)


class ImportRun:
    """Imports into the state of one stack."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._performer = Performer(context)
        self._family = Family(context.update.stack)
        placer = Placer(context, self._performer, Deleter(context, self._performer))
        self._defaults = DefaultProviders(placer, self._family, context.update.config)
        stack = context.update.stack
        self._root = self._family.urn(STACK_TYPE, f"{stack.project}-{stack.name}", "")

    async def keep_all(self) -> None:
        """Everything that is there stays as it is; a new stack gets its root."""
        for original in self._context.olds.resources:
            if not original.delete:
                kept = self._context.snapshot.keep(original, original.urn)
                await self._performer.settle(Step(op=Op.SAME, old=kept, new=kept), changed=False)
        if self._finished(self._root) is None:
            await self._make_component(Goal(urn=self._root, type=STACK_TYPE, name=self._root, custom=False))

    def in_order(self, imports: Sequence[ImportSpec]) -> list[ImportSpec]:
        """Parents before their children; a name that comes twice is an error."""
        waiting = {self._urn(one): one for one in reversed(imports)}
        if len(waiting) < len(imports):
            twice = next(one for one in imports if waiting[self._urn(one)] is not one)
            raise EngineError(f"duplicate import '{twice.name}' of type '{twice.type}'")
        ordered: list[ImportSpec] = []
        for one in imports:
            line = [one]
            while line[-1].parent in waiting:
                line.append(waiting[line[-1].parent])
            ordered += [each for each in reversed(line) if each not in ordered]
        return ordered

    async def take(self, one: ImportSpec) -> None:
        """Read one resource into the state."""
        urn, parent = self._urn(one), one.parent or self._root
        known = self._finished(urn)
        if known is not None:
            if (known.import_id or known.id) == one.id:
                return
            raise EngineError(f"resource '{urn}' already exists")
        if self._finished(parent) is None:
            raise EngineError(f"unknown parent '{parent}' for resource '{urn}'")
        goal = Goal(urn=urn, type=one.type, name=one.name, custom=not one.component, parent=parent, protect=one.protect)
        if one.component:
            await self._make_component(goal)
            return
        await self._read(replace(goal, import_id=one.id, provider=await self._provider(one)))

    async def _read(self, goal: Goal) -> None:
        planned = goal.state(id=goal.import_id, inputs={}, outputs={})
        calls = self._context.calls(goal.type, goal.provider)
        step = Step(op=Op.IMPORT, new=planned)
        state = await self._performer.perform(step, lambda: _known(calls, goal, planned), self._put)
        assert state is not None
        await self._warn_of_bad_inputs(calls, state)

    async def _warn_of_bad_inputs(self, calls: Calls, state: Resource) -> None:
        context = self._context
        reply = await context.control.run(
            context.deciders, lambda: calls.check(state.urn, state.type, news=state.inputs, olds=state.inputs)
        )
        if not reply.failures:
            return
        lines = [
            "One or more imported inputs failed to validate. "
            f"This is almost certainly a bug in the `{package_of(state.type)}` provider. "
            "The import will still proceed, "
            "but you will need to edit the generated code after copying it into your program.",
            *(f"{one.property}: {one.reason}" if one.property else one.reason for one in reply.failures),
        ]
        for text in lines:
            context.reporter.log(Severity.WARNING, text, urn=state.urn)

    async def _make_component(self, goal: Goal) -> None:
        made = goal.state(id="", inputs={}, outputs={})
        self._put(made)
        op = Op.CREATE if goal.type == STACK_TYPE else Op.IMPORT
        await self._performer.settle(Step(op=op, new=made), changed=True)

    async def _provider(self, one: ImportSpec) -> str:
        if is_provider_type(one.type):
            raise UnsupportedError(f"importing the provider '{one.name}' is something that this engine does not do")
        choice = ProviderChoice(version=one.version, url=one.url)
        package = package_of(one.type)
        default = self._family.urn(f"{PROVIDER_PREFIX}{package}", default_name(one.version, one.url), "")
        known = self._finished(one.provider or default)
        if known is not None:
            return provider_reference(known.urn, known.id)
        if one.provider:
            raise EngineError(f"the provider '{one.provider}' of '{one.name}' is not in the stack's state")
        return await self._defaults.reference(package, choice)

    def _urn(self, one: ImportSpec) -> str:
        return self._family.urn(one.type, one.name, one.parent or self._root)

    def _finished(self, urn: str) -> Resource | None:
        return self._context.snapshot.finished(urn)

    def _put(self, new: Resource | None) -> None:
        assert new is not None
        self._context.snapshot.put(new)


def _known(calls: Calls, goal: Goal, planned: Resource) -> Done:
    done = read_existing(calls, goal, planned)
    # That it was imported is only of interest while a program says so.
    return done if done.state is None else replace(done, state=replace(done.state, import_id=""))
