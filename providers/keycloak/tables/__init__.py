"""The types of the `pulumi_keycloak` package, as tables; what the words of a line mean stands in `field`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from providers.keycloak.kind import Kind

_MODULES = (
    "authentication",
    "authorization",
    "clients",
    "components",
    "identity_providers",
    "mappers",
    "parts",
    "people",
    "permissions",
    "realm",
)


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind, by its token without the package's name."""
    found: dict[str, Kind] = {}
    for name in _MODULES:
        found |= import_module(f"{__name__}.{name}").KINDS
    return found
