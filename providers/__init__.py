"""Resource providers in Python, run inside the engine's process; each is imported when it is first needed."""

from __future__ import annotations

from collections.abc import Callable

BUILT_IN = {
    "command": "providers.command:CommandProvider",
    "keycloak": "providers.keycloak:KeycloakProvider",
    "kubernetes": "providers.kubernetes:KubernetesProvider",
    "random": "providers.random:RandomProvider",
    "tls": "providers.tls:TlsProvider",
}


def register_all(register: Callable[[str, str], None]) -> None:
    """Tell the engine's registry (`engine.providers.register`) where each provider is."""
    for name, where in BUILT_IN.items():
        register(name, where)
