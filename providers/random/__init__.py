"""The provider `random`: values drawn once and kept in state."""

from __future__ import annotations

from engine.provider_api import Host, Info
from providers.base import PlainProvider
from providers.random import types

__all__ = ["RandomProvider"]

VERSION = "4.21.4"


class RandomProvider(PlainProvider):
    """Serves the types of the `pulumi_random` package in this process."""

    def __init__(self, host: Host) -> None:
        del host  # nothing to tell: all of it is drawn at once
        # Secret inputs are opened by the engine and marked again in the outputs; the SDK names the secret outputs.
        info = Info(name="random", version=VERSION, accept_secrets=False)
        super().__init__(
            info,
            {
                "random:index/randomBytes:RandomBytes": types.RandomBytes(),
                "random:index/randomId:RandomId": types.RandomId(),
                "random:index/randomInteger:RandomInteger": types.RandomInteger(),
                "random:index/randomPassword:RandomPassword": types.RandomPassword(),
                "random:index/randomPet:RandomPet": types.RandomPet(),
                "random:index/randomShuffle:RandomShuffle": types.RandomShuffle(),
                "random:index/randomString:RandomString": types.RandomString(),
                "random:index/randomUuid4:RandomUuid4": types.RandomUuid(),
                "random:index/randomUuid7:RandomUuid7": types.RandomUuid7(),
                "random:index/randomUuid:RandomUuid": types.RandomUuid(),
            },
        )
