"""Components: plug-ins of a realm such as user storages, their mappers and keys; settings are lists of texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.values import Props
from providers.keycloak.api import Api, path
from providers.keycloak.body import Json, merge
from providers.keycloak.errors import KeycloakError
from providers.keycloak.field import table
from providers.keycloak.kind import Found
from providers.keycloak.rest import Rest

_OWNER = """
    name required
    realmId @- required new
"""
_LDAP_MAPPER = "org.keycloak.storage.ldap.mappers.LDAPStorageMapper"
_STORAGE = "org.keycloak.storage.UserStorageProvider"
_REGISTRATION = "org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy"
_SCOPES = {"ONE_LEVEL": "1", "SUBTREE": "2"}
_EVICTIONS = ("evictionDay", "evictionHour", "evictionMinute")
_TRUSTSTORES = {"ALWAYS": "always", "ONLY_FOR_LDAPS": "ldapsOnly", "NEVER": "never"}


@dataclass(frozen=True, kw_only=True)
class Component(Rest):
    """One component of a realm."""

    collection: str = "realms/{realmId}/components"


@dataclass(frozen=True, kw_only=True)
class UserStorage(Component):
    """A source of users, whose own mappers may be unwanted; it belongs to the realm, which has an id of its own."""

    def make(self, api: Api, props: Props) -> str:
        """POST; then take away what Keycloak adds."""
        parent = props.get("parentId") or api.get(path("realms/{realmId}", props))["id"]
        identity = str(api.post(path(self.collection, props), merge(self.body(props), {"parentId": parent})))
        if props.get("deleteDefaultMappers"):
            where = path(self.collection, props)
            for one in api.get(where, parent=identity, type=_LDAP_MAPPER):
                api.delete(f"{where}/{one['id']}")
        return identity


@dataclass(frozen=True, kw_only=True)
class LdapUserFederation(UserStorage):
    """A directory; some of its settings follow from others."""

    def body(self, props: Props) -> Json:
        """Keycloak's own names of choices, and how to log in to the directory."""
        body = super().body(props)
        config = body["config"]
        config["searchScope"] = [_SCOPES[props.get("searchScope", "ONE_LEVEL")]]
        config["useTruststoreSpi"] = [_TRUSTSTORES[props.get("useTruststoreSpi", "ONLY_FOR_LDAPS")]]
        config["authType"] = ["simple" if props.get("bindDn") and config.get("bindCredential") else "none"]
        config["allowKerberosAuthentication"] = ["true" if props.get("kerberos") else "false"]
        if not props.get("cache"):
            config.setdefault("cachePolicy", ["DEFAULT"])
        return body

    def told(self, found: Mapping[str, Any], prior: Props) -> Found:
        """The provider's names of choices; parts that are off are left out."""
        config = found.get("config") or {}
        read = super().told(found, prior)
        scope, store = _first(config, "searchScope"), _first(config, "useTruststoreSpi")
        read["searchScope"] = next((name for name, text in _SCOPES.items() if text == scope), "SUBTREE")
        read["useTruststoreSpi"] = next((name for name, text in _TRUSTSTORES.items() if text == store), store.upper())
        if _first(config, "allowKerberosAuthentication") != "true":
            read.pop("kerberos", None)
        cache = read.pop("cache", None)
        if prior.get("cache"):
            never = {name for name in _EVICTIONS if not config.get(name)}
            read["cache"] = {key: value for key, value in cache.items() if key not in never}
        return read


@dataclass(frozen=True, kw_only=True)
class RegistrationPolicy(Component):
    """A rule for clients that register themselves."""

    def locate(self, api: Api, props: Props) -> str:
        """`realm/ID` or `realm/NAME/CLASS/anonymous`."""
        parts = str(props["id"]).split("/")
        if len(parts) == 1:
            return parts[0]
        found = api.get(path(self.collection, props), type=_REGISTRATION)
        for one in found:
            if [one["name"], one["providerId"], one["subType"]] == parts:
                return str(one["id"])
        raise KeycloakError(f"realm '{props['realmId']}' has no client registration policy '{props['id']}'")


def _first(config: Mapping[str, Any], key: str) -> str:
    values = config.get(key) or [""]
    return str(values[0])


def ldap_mapper(of: str, text: str) -> Component:
    """A kind of mapper of a directory."""
    fields = table(_OWNER + "    ldapUserFederationId @parentId required new\n" + text, "config", "one")
    return Component(
        fields=fields,
        imports=("realmId", "ldapUserFederationId", "id"),
        constants={"providerType": _LDAP_MAPPER, **({"providerId": of} if of else {})},
    )


def keystore(of: str, text: str) -> Component:
    """A kind of keys of a realm."""
    shared = """
    active @config/active bool = true
    enabled @config/enabled bool = true
    priority @config/priority int = 0
    """
    constants = {"providerType": "org.keycloak.keys.KeyProvider", **({"providerId": of} if of else {})}
    return Component(
        fields=table(_OWNER + shared.rstrip() + text, "config", "one"),
        imports=("realmId", "id"),
        constants=constants,
    )


def storage(of: str, text: str, kind: type[UserStorage]) -> UserStorage:
    """A kind of source of users."""
    return kind(
        fields=table(_OWNER + text, "config", "one"),
        imports=("realmId", "id"),
        constants={"providerType": _STORAGE, **({"providerId": of} if of else {})},
    )


def registration_policy(text: str) -> RegistrationPolicy:
    """The kind of client registration policies."""
    return RegistrationPolicy(
        fields=table(_OWNER + text, "config", "one"),
        imports=("realmId", "id"),
        constants={"providerType": _REGISTRATION},
    )
