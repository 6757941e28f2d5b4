"""The provider `keycloak`: realms and all that is in them, over Keycloak's Admin REST API."""

from __future__ import annotations

from providers.keycloak.provider import KeycloakProvider

__all__ = ["KeycloakProvider"]
