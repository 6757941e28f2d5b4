"""Serves a program's requests: the monitor of one update."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Iterable
from dataclasses import replace
from typing import Any

from engine.component_api import CallReply
from engine.deploy.callbacks.transforms import Transforms
from engine.deploy.context import Context
from engine.deploy.decide.step import Op, Step
from engine.deploy.default_providers import DefaultProviders, versioned
from engine.deploy.family import Family
from engine.deploy.method import Receiver
from engine.deploy.packages import Packages
from engine.deploy.placer import Placer
from engine.deploy.reader import Reader
from engine.deploy.remote import Remote
from engine.deploy.tracker import Tracker
from engine.errors import EngineError, ProviderError
from engine.provider_api import InvokeReply
from engine.providers.reference import UNKNOWN_ID
from engine.state.model import Resource
from engine.urn import STACK_TYPE, is_provider_type, package_of
from engine.values import Props
from engine.values_walk import has_unknown
from engine.wire.assets import hash_props
from engine.wire.callbacks import Callback
from engine.wire.hook import Hook
from engine.wire.method import MethodCall
from engine.wire.monitor import About, MonitorClosed, Registered
from engine.wire.package import Package
from engine.wire.registration import FunctionCall, ProviderChoice, Reading, Registration


class Registrar:
    """The Monitor of one update."""

    def __init__(self, context: Context, about: About, placer: Placer, reader: Reader) -> None:
        self._context = context
        self._about = about
        self._placer = placer
        self._reader = reader
        self._family = Family(context.update.stack)
        self._transforms = Transforms(context.dialer, context.control, self._family)
        self._defaults = DefaultProviders(placer, self._family, context.update.config)
        self.remote = Remote(context, about, self._family)
        self._receiver = Receiver(family=self._family, default=self._defaults.reference)
        self._packages = Packages()
        self._tracker = Tracker()
        self._failed: set[str] = set()
        self._in_flight: set[asyncio.Task[Registered]] = set()
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.signalled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when the program has nothing more to register."""
        self.stack_urn = ""
        self.stack_outputs: Props | None = None
        """Kept until the end, as they come long before the resources that they speak of are safe."""

    @property
    def about(self) -> About:
        """What the program may know."""
        return self._about

    async def register(self, request: Registration) -> Registered:
        """Bring one resource to its goal."""
        self._context.control.gate()
        request = await self._transforms.apply(self._packages.resolved(request))
        urn = self._family.urn(request.type, request.name, request.parent)
        provider = request.provider.reference.rpartition("::")[0]
        needed = (*request.dependencies, *request.replace_with, request.parent, request.deleted_with, provider)
        if self._is_lost(urn, needed):
            return Registered(urn=urn, failed=True, unknown=True)
        with self._tracker.under_way(request.parent):
            registered = await self._attempt(urn, self._register(request))
            made = bool(registered.id) or is_provider_type(request.type)
            self._tracker.note(registered.urn, request.parent, custom=request.custom, made=made)
        return registered

    async def _register(self, request: Registration) -> Registered:
        if is_provider_type(request.type):
            request = replace(request, inputs=versioned(request.inputs, request.provider))
        if request.remote:
            return await self.remote.construct(request, await self._provider(request))
        goal = self._family.goal(request, await self._provider(request))
        if goal.type == STACK_TYPE:
            self.stack_urn = goal.urn
        state = await self._placer.place(goal)
        self._family.remember(goal, request.providers)
        return replace(_registered(state, goal.custom), unknown=goal.urn in self._placer.keeper.skipped)

    async def register_outputs(self, urn: str, outputs: Props) -> None:
        """Take a component's outputs; those of the stack are kept until the end."""
        self._context.control.gate()
        outputs = hash_props(outputs, self._context.update.directory)
        if urn == self.stack_urn:
            self.stack_outputs = outputs
            return
        if urn in self._placer.keeper.skipped:
            return
        finished = self._context.snapshot.finished(urn)
        if finished is None:
            raise EngineError(f"outputs came for '{urn}', which is not registered")
        new = replace(finished, outputs=outputs)
        if finished.outputs != outputs:
            self._context.snapshot.amend(new)
            self._context.reporter.outputs(Step(op=Op.SAME, old=new, new=new))
            await self._context.journal.commit()
        await self._context.hooks.component_is_done(new)

    async def read(self, request: Reading) -> Registered:
        """Look up a resource that somebody else manages."""
        self._context.control.gate()
        urn = self._family.urn(request.type, request.name, request.parent)
        if self._is_lost(urn, (*request.dependencies, request.parent)):
            return Registered(urn=urn, failed=True, unknown=True)
        if not self._placer.keeper.skipped.isdisjoint((*request.dependencies, request.parent)):
            self._placer.keeper.skipped.add(urn)
            return Registered(urn=urn, unknown=True)
        with self._tracker.under_way(request.parent):
            registered = await self._attempt(urn, self._read(request, urn))
            self._tracker.note(urn, request.parent, custom=True, made=bool(registered.id))
        return registered

    async def _read(self, request: Reading, urn: str) -> Registered:
        as_registration = Registration(
            type=request.type,
            name=request.name,
            custom=True,
            parent=request.parent,
            provider=self._packages.resolved(request).provider,
        )
        provider = await self._provider(as_registration)
        state = await self._reader.read(request, urn, provider)
        self._family.remember(self._family.goal(as_registration, provider), {})
        return Registered(urn=state.urn, id=state.id, outputs=state.outputs)

    async def invoke(self, request: FunctionCall) -> tuple[InvokeReply, bool]:
        """Call a provider's function."""
        self._context.control.gate()
        request = await self._transforms.apply_to_invoke(self._packages.resolved(request))
        package = package_of(request.token)
        reference = request.provider.reference or await self._default(package, request)
        calls = self._context.calls(request.token, reference)
        if calls.instance.unknown or has_unknown(request.args) or await self._tracker.has_missing(request.dependencies):
            return InvokeReply(result={}), True
        work = self._context.control.run(self._context.deciders, lambda: calls.invoke(request.token, request.args))
        try:
            return await work, False
        except ProviderError as error:
            raise ProviderError(f"invocation of {request.token} returned an error: {error.message}") from error

    def add_stack_transform(self, transform: Callback, *, of_invokes: bool) -> None:
        """Apply a transform to everything from now on."""
        self._transforms.add(transform, of_invokes=of_invokes)

    def add_package(self, package: Package) -> str:
        """Requests may refer to this package."""
        return self._packages.add(package)

    def add_hook(self, hook: Hook) -> None:
        """Resources may name this hook."""
        self._context.hooks.add(hook)

    async def call(self, request: MethodCall) -> CallReply:
        """Call a method of a resource."""
        self._context.control.gate()
        request = self._packages.resolved(request)
        return await self.remote.call(request, await self._receiver.provider(request))

    async def wait_for_shutdown(self) -> None:
        """Hold the program until the update is over."""
        if not self.signalled.done():
            self.signalled.set_result(None)
        await asyncio.shield(self._ended)

    def end(self) -> None:
        """The update is over: let the program go."""
        if not self._ended.done():
            self._ended.set_result(None)
            self.remote.close()

    async def settle(self) -> None:
        """Return when nothing is in flight any more."""
        while self._in_flight:
            await asyncio.wait(self._in_flight)

    async def _attempt(self, urn: str, work: Coroutine[Any, Any, Registered]) -> Registered:
        # A program that goes away cancels its requests; steps that have begun must be remembered all the same.
        task = asyncio.ensure_future(self._judged(urn, work))
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)
        return await asyncio.shield(task)

    async def _judged(self, urn: str, work: Awaitable[Registered]) -> Registered:
        try:
            return await work
        except MonitorClosed:
            raise
        except EngineError as error:
            control = self._context.control
            control.fail()
            self._context.reporter.error(error, urn=urn)
            if not control.tolerant:
                raise MonitorClosed("the update has failed") from error
            self._failed.add(urn)
            return Registered(urn=urn, failed=True, unknown=True)

    async def _provider(self, request: Registration) -> str:
        if not (request.custom or request.remote) or is_provider_type(request.type):
            return ""
        package = package_of(request.type)
        named = self._family.provider_for(package, request)
        return named or await self._defaults.reference(package, request.provider)

    async def _default(self, package: str, request: FunctionCall) -> str:
        probe = Registration(type=request.token, name="", custom=True, parent=request.parent)
        inherited = self._family.provider_for(package, probe) if request.parent else ""
        choice: ProviderChoice = request.provider
        return inherited or await self._defaults.reference(package, choice)

    def _is_lost(self, urn: str, needed: Iterable[str]) -> bool:
        """In an update that goes on after failures: whether this resource needs one that failed."""
        lost = any(one in self._failed for one in needed)
        if lost:
            self._failed.add(urn)
        return lost


def _registered(state: Resource, custom: bool) -> Registered:
    id = "" if state.id == UNKNOWN_ID else state.id
    return Registered(urn=state.urn, id=id, outputs=state.outputs if custom else {})
