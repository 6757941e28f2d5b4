"""Remote components and methods: what providers build and do by registering resources of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final, NoReturn

from engine.component_api import (
    CallReply,
    CallRequest,
    ComponentOptions,
    ComponentProvider,
    ConstructReply,
    ConstructRequest,
    Surroundings,
)
from engine.deploy.context import Context
from engine.deploy.decide.alias import former_urns
from engine.deploy.decide.goal import Goal
from engine.deploy.do.marshal import for_provider
from engine.deploy.do.workers import Workers
from engine.deploy.family import Family
from engine.errors import EngineError, ProviderError
from engine.provider_api import Provider
from engine.providers.instance import Instance
from engine.values import Props
from engine.values_walk import dependencies_in
from engine.wire.assets import hash_props
from engine.wire.method import MethodCall
from engine.wire.monitor import About, MonitorClosed, Registered
from engine.wire.registration import Registration

_MOST_AT_ONCE: Final = 512
"""Threads for calls that wait for registrations: a limit as low as that of steps would let them wait for each other."""


class Remote:
    """Calls providers that call back; `address` is where they find the monitor."""

    def __init__(self, context: Context, about: About, family: Family) -> None:
        self._context = context
        self._about = about
        self._family = family
        self._waiting = Workers(_MOST_AT_ONCE, "engine-component")
        self.address = ""

    async def construct(self, request: Registration, provider: str) -> Registered:
        """Let the provider build a component, which registers itself on the way."""
        goal = self._family.goal(request, provider)
        instance = self._context.fleet.get(provider)
        if instance.unknown:
            return Registered(urn=goal.urn, unknown=True)
        try:
            reply = await self._context.control.run(self._waiting, lambda: self._construct(instance, request, goal))
        except MonitorClosed:
            raise
        except EngineError as error:
            self._abort(f"{goal.type} resource '{goal.name}' has a problem: {error.message}", error, goal.urn)
        return Registered(
            urn=reply.urn, outputs=reply.outputs, dependencies=_complete(reply.dependencies, reply.outputs)
        )

    async def call(self, request: MethodCall, provider: str) -> CallReply:
        """Call a method; what goes wrong in it ends the update."""
        instance = self._context.fleet.get(provider)
        if instance.unknown:
            return CallReply(result={})
        try:
            reply = await self._context.control.run(self._waiting, lambda: self._call(instance, request))
        except MonitorClosed:
            raise
        except EngineError as error:
            self._abort(f"call to function '{request.token}' failed: {error.message}", error)
        return CallReply(
            result=reply.result,
            dependencies=_complete(reply.dependencies, reply.result),
            failures=reply.failures,
        )

    def close(self) -> None:
        """No call follows."""
        self._waiting.close()

    def _construct(self, instance: Instance, request: Registration, goal: Goal) -> ConstructReply:
        provider = instance.configured()
        inputs = for_provider(hash_props(goal.inputs, self._context.update.directory), provider.info)
        message = ConstructRequest(
            type=goal.type,
            name=goal.name,
            parent=goal.parent,
            inputs=inputs,
            surroundings=self._surroundings(),
            input_dependencies=request.property_dependencies,
            providers=self._family.providers_for(request),
            options=_options(request, goal),
        )
        return _component_provider(provider, instance).construct(message)

    def _call(self, instance: Instance, request: MethodCall) -> CallReply:
        provider = instance.configured()
        args = hash_props(request.args, self._context.update.directory)
        message = CallRequest(
            token=request.token,
            args=for_provider(args, provider.info),
            surroundings=self._surroundings(),
            arg_dependencies=_complete(request.dependencies, args),
        )
        return _component_provider(provider, instance).call(message)

    def _surroundings(self) -> Surroundings:
        about = self._about
        return Surroundings(
            project=about.project,
            stack=about.stack,
            organization=about.organization,
            monitor=self.address,
            config=about.config,
            secret_keys=about.secret_keys,
            preview=about.preview,
            parallel=about.parallel,
        )

    def _abort(self, message: str, error: EngineError, urn: str = "") -> NoReturn:
        # Once the update has stopped, its providers can only fail, and everybody knows why.
        if not self._context.control.stopping:
            self._context.reporter.error(ProviderError(message, hint=error.hint), urn=urn)
        self._context.control.abort()
        raise MonitorClosed("the update has failed") from error


def _component_provider(provider: Provider, instance: Instance) -> ComponentProvider:
    if not isinstance(provider, ComponentProvider):
        raise ProviderError(f"the provider '{instance.package}' offers no components and no methods")
    return provider


def _options(request: Registration, goal: Goal) -> ComponentOptions:
    return ComponentOptions(
        dependencies=goal.dependencies,
        protect=goal.protect or request.protect,
        retain_on_delete=goal.retain_on_delete or request.retain_on_delete,
        delete_before_replace=goal.delete_before_replace,
        deleted_with=goal.deleted_with,
        replace_with=goal.replace_with,
        ignore_changes=goal.ignore_changes,
        replace_on_changes=goal.replace_on_changes,
        additional_secret_outputs=goal.additional_secret_outputs,
        alias_urns=tuple(former_urns(goal.urn, goal.parent, goal.aliases, "")),
        timeouts={key: value for key, value in asdict(goal.timeouts).items() if value},
        hooks=goal.hooks,
        replacement_trigger=goal.replacement_trigger,
    )


def _complete(known: Mapping[str, Sequence[str]], values: Props) -> dict[str, tuple[str, ...]]:
    """What each value comes from, together with what the output values inside it say."""
    keys = dict.fromkeys((*known, *values))
    return {key: tuple(sorted({*known.get(key, ()), *dependencies_in(values.get(key))})) for key in keys}
