"""Realms: one document with nearly everything in it; some parts of it are only told while they are on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.values import Props
from providers.keycloak.api import Api, path
from providers.keycloak.body import Json, merge
from providers.keycloak.errors import KeycloakError
from providers.keycloak.kind import Found
from providers.keycloak.rest import Rest

_SCOPES = {"defaultDefaultClientScopes": "default", "defaultOptionalClientScopes": "optional"}


@dataclass(frozen=True, kw_only=True)
class Realm(Rest):
    """A realm; its name is its id."""

    collection: str = "realms"
    item: str = "realms/{id}"
    id_key: str = "realm"

    def make(self, api: Api, props: Props) -> str:
        """POST; what Keycloak adds on its own to the sets of scopes is taken out again."""
        body = merge(self.zeros(props), self.body(props))
        body.setdefault("id", props["realm"])
        api.post(self.collection, body)
        self._scopes(api, props)
        return str(props["realm"])

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """PUT, and the sets of scopes."""
        super().change(api, identity, olds, news)
        self._scopes(api, news)

    def zeros(self, props: Props) -> Json:
        """Without a choice of its own a realm has none, whatever Keycloak would choose."""
        return {**super().zeros(props), "defaultSignatureAlgorithm": "", "passwordPolicy": ""}

    def remove(self, api: Api, identity: str, props: Props) -> None:
        """DELETE, unless it is protected."""
        if props.get("terraformDeletionProtection"):
            raise KeycloakError(
                f"realm '{identity}' is protected from deletion", hint="set terraformDeletionProtection to false first"
            )
        super().remove(api, identity, props)

    def body(self, props: Props) -> Json:
        """What is on, and how mail is sent."""
        body = super().body(props)
        defenses = props.get("securityDefenses") or {}
        body["bruteForceProtected"] = bool(defenses.get("bruteForceDetection"))
        body["internationalizationEnabled"] = bool(props.get("internationalization"))
        mail = props.get("smtpServer")
        if mail:
            way = "basic" if mail.get("auth") else "token" if mail.get("tokenAuth") else ""
            body["smtpServer"] |= {"auth": "true" if way else "false", **({"authType": way} if way else {})}
        return body

    def told(self, found: Mapping[str, Any], prior: Props) -> Found:
        """Parts that are off are left out, and so are parts that nobody ever set."""
        read = super().told(found, prior)
        if not found.get("internationalizationEnabled"):
            read.pop("internationalization", None)
        defenses = {
            key: value
            for key, value in (read.pop("securityDefenses", None) or {}).items()
            if key in (prior.get("securityDefenses") or {})
            and (key != "bruteForceDetection" or found.get("bruteForceProtected"))
        }
        mail, server = read.get("smtpServer"), found.get("smtpServer") or {}
        if mail:
            used = {"basic": "auth", "token": "tokenAuth"}.get(server.get("authType", "basic"), "auth")
            used = used if server.get("auth") == "true" else ""
            read["smtpServer"] = {k: v for k, v in mail.items() if k not in ("auth", "tokenAuth") or k == used}
        return {**read, **({"securityDefenses": defenses} if defenses else {})}

    def known(self, api: Api, identity: str, prior: Props, found: Json) -> Found:
        """The sets of scopes, where they were given."""
        del found
        given = [key for key in _SCOPES if prior.get(key) is not None]
        return {key: [one["name"] for one in api.get(self._set(identity, key))] for key in given}

    def _scopes(self, api: Api, props: Props) -> None:
        for key in _SCOPES:
            if props.get(key) is None:
                continue
            where = self._set(str(props["realm"]), key)
            known = {one["name"]: one["id"] for one in api.get(path("realms/{realm}/client-scopes", props))}
            there = {one["name"]: one["id"] for one in api.get(where)}
            for name in there.keys() - set(props[key]):
                api.delete(f"{where}/{there[name]}")
            for name in [one for one in props[key] if one not in there]:
                if name not in known:
                    raise KeycloakError(f"realm '{props['realm']}' has no client scope '{name}' ({key})")
                api.put(f"{where}/{known[name]}")

    def _set(self, realm: str, key: str) -> str:
        return path(f"realms/{{realm}}/default-{_SCOPES[key]}-client-scopes", {"realm": realm})
