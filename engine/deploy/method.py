"""Which provider answers a method call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from engine.deploy.family import Family
from engine.errors import ProviderError
from engine.urn import PROVIDER_PREFIX, is_provider_type, package_of, provider_reference
from engine.values import ResourceRef
from engine.values_walk import plain
from engine.wire.method import MethodCall
from engine.wire.registration import ProviderChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Finds providers by the request, by the resource that a method is called on, or by the default."""

    family: Family
    default: Callable[[str, ProviderChoice], Awaitable[str]]

    async def provider(self, request: MethodCall) -> str:
        """The reference of the provider."""
        own = plain(request.args.get("__self__"))
        if is_provider_type(request.token):
            return _itself(request.token, own)
        if request.provider.reference:
            return request.provider.reference
        named = ""
        if isinstance(own, ResourceRef):
            goal = self.family.known(own.urn)
            if goal is None:
                raise ProviderError(f"unknown resource {own.urn}")
            named = goal.provider
        return named or await self.default(package_of(request.token), request.provider)


def _itself(token: str, own: object) -> str:
    # A method of a provider resource is answered by just that provider.
    if token.removeprefix(PROVIDER_PREFIX).count("/") != 1:
        raise ProviderError(f"invalid provider method token {token}")
    if not isinstance(own, ResourceRef) or not isinstance(own.id, str):
        raise ProviderError("missing __self__ argument for provider method call")
    return provider_reference(own.urn, own.id)
