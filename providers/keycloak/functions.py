"""What programs may ask of a Keycloak server."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.provider_api import InvokeReply, InvokeRequest
from providers.keycloak.api import Api

FUNCTIONS: Mapping[str, Callable[[Api, InvokeRequest], InvokeReply]] = {}
