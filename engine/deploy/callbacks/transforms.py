"""Transforms: functions of the program that change registrations and function calls on their way to the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.deploy.control import Control
from engine.deploy.family import Family
from engine.errors import ProgramError
from engine.urn import is_provider_type, package_of
from engine.values import OutputValue, Props, Value
from engine.values_walk import dependencies_in, without_outputs
from engine.wire.callbacks import Callback, Dialer
from engine.wire.registration import FunctionCall, ProviderChoice, Registration
from engine.wire.transform import (
    as_outputs,
    invoke_transform_request,
    transform_request,
    transformed,
    transformed_invoke,
)


class Transforms:
    """Applies a resource's own transforms, then those of each ancestor (the nearest first), then the stack's."""

    def __init__(self, dialer: Dialer, control: Control, family: Family) -> None:
        self._dialer = dialer
        self._control = control
        self._family = family
        self._own: dict[str, tuple[Callback, ...]] = {}
        self._handed_over: dict[str, tuple[Callback, ...]] = {}
        self._stack: list[Callback] = []
        self._invokes: list[Callback] = []

    def add(self, transform: Callback, *, of_invokes: bool) -> None:
        """From now on apply this one to everything."""
        (self._invokes if of_invokes else self._stack).append(transform)

    async def apply(self, request: Registration) -> Registration:
        """The registration as the transforms want it."""
        if not (request.transforms or request.remote or self._own or self._stack or self._handed_over):
            return request
        urn = self._family.urn(request.type, request.name, request.parent)
        own = request.transforms or self._handed_over.pop(urn, ())
        if own:
            self._own[urn] = own
            request = replace(request, transforms=own)
        if request.remote:
            # The provider will register the component itself, and knows nothing of them.
            self._handed_over[urn] = own
        chain = [*own, *self._inherited(request.parent), *self._stack]
        return await self._run(request, chain) if chain else request

    async def apply_to_invoke(self, request: FunctionCall) -> FunctionCall:
        """The function call as the transforms want it."""
        for one in self._invokes:
            sent = replace(request, args=_opened(request.args))
            request = transformed_invoke(sent, await self._call(one, invoke_transform_request(sent)))
        return replace(request, args=without_outputs(request.args)) if self._invokes else request

    def _inherited(self, parent: str) -> list[Callback]:
        found: list[Callback] = []
        while parent:
            found += self._own.get(parent, ())
            parent = self._family.parent_of(parent)
        return found

    async def _run(self, request: Registration, chain: list[Callback]) -> Registration:
        known = request.property_dependencies or dict.fromkeys(request.inputs, request.dependencies)
        inputs = {
            key: _depending(as_outputs(item), known.get(key, ()) if request.transforms else ())
            for key, item in request.inputs.items()
        }
        request = replace(request, inputs=inputs, provider=self._resolved(request))
        for one in chain:
            request = transformed(request, await self._call(one, transform_request(request)))
        return _settled(request, known={} if request.transforms else known)

    def _resolved(self, request: Registration) -> ProviderChoice:
        # Transforms see the provider that the resource would get, be it named or inherited.
        if not (request.custom or request.remote) or is_provider_type(request.type):
            return request.provider
        return replace(request.provider, reference=self._family.provider_for(package_of(request.type), request))

    async def _call(self, transform: Callback, request: bytes) -> bytes:
        try:
            return await self._control.wait(self._dialer.call(transform, request))
        except ProgramError as error:
            raise ProgramError(f"invoke transform: {error.message}") from error


def _opened(args: Props) -> Props:
    return {key: as_outputs(item) for key, item in args.items()}


def _depending(value: Value, urns: tuple[str, ...]) -> Value:
    if dependencies_in(value).issuperset(urns):
        return value
    output = value if isinstance(value, OutputValue) else OutputValue(value=value)
    return replace(output, dependencies=tuple(sorted({*output.dependencies, *urns})))


def _settled(request: Registration, known: Mapping[str, tuple[str, ...]]) -> Registration:
    """Dependencies as the values now tell them; what the program itself told of a property stays."""
    by_property = {
        key: tuple(sorted({*known.get(key, ()), *dependencies_in(item)})) for key, item in request.inputs.items()
    }
    everything = {*request.dependencies, *(urn for urns in by_property.values() for urn in urns)}
    return replace(
        request,
        inputs=request.inputs if request.remote else without_outputs(request.inputs),
        property_dependencies=by_property,
        dependencies=tuple(sorted(everything)),
    )
