"""The small providers against their SDK packages: every type and every function, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from engine.provider_api import CheckRequest, InvokeRequest, Provider
from providers.command import CommandProvider
from providers.errors import UnknownType
from providers.random import RandomProvider
from providers.tls import TlsProvider
from tests.providers.conftest import RecordingHost
from tests.support import sdk_surface

PROVIDERS: dict[str, Any] = {
    "pulumi_command": CommandProvider,
    "pulumi_random": RandomProvider,
    "pulumi_tls": TlsProvider,
}


def _known(provider: Provider, what: Any) -> set[str]:
    """What the provider says that it has, when asked for something that it has not."""
    with pytest.raises(UnknownType) as caught:
        what(provider)
    return set(caught.value.message.partition("it has: ")[2].split(", ")) - {""}


@pytest.mark.parametrize("package", PROVIDERS)
def test_every_type_of_the_sdk_is_done(package: str, host: RecordingHost) -> None:
    request = CheckRequest(urn="", type="none", name="n", news={})
    assert _known(PROVIDERS[package](host), lambda one: one.check(request)) == set(sdk_surface.types(package))


@pytest.mark.parametrize("package", PROVIDERS)
def test_every_function_of_the_sdk_is_done(package: str, host: RecordingHost) -> None:
    request = InvokeRequest(token="none", args={})
    assert _known(PROVIDERS[package](host), lambda one: one.invoke(request)) == sdk_surface.functions(package)
