"""Identity providers: whom a realm lets log in besides its own users; and the mappers of what they tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.values import Props
from providers.keycloak.api import Api, path
from providers.keycloak.body import Json, merge
from providers.keycloak.errors import KeycloakError
from providers.keycloak.field import table
from providers.keycloak.kind import Found
from providers.keycloak.rest import Rest

_SHARED = """
    realm @- required new
    internalId output
    enabled bool = true
    storeToken bool = true
    addReadTokenRoleOnCreate bool new = false
    authenticateByDefault bool = false
    linkOnly bool = false
    trustEmail bool = false
    firstBrokerLoginFlowAlias = "first broker login"
    postBrokerLoginFlowAlias = ""
    organizationId
    extraConfig @config extra
    guiOrder @config/guiOrder = ""
    syncMode @config/syncMode :IMPORT|FORCE|LEGACY = "LEGACY"
    orgRedirectModeEmailMatches @config/kc.org.broker.redirect.mode.email-matches bool quoted = false
    orgDomain @config/kc.org.domain
"""


@dataclass(frozen=True, kw_only=True)
class IdentityProvider(Rest):
    """One provider; its alias is its id, and the link to an organisation is made apart."""

    collection: str = "realms/{realm}/identity-provider/instances"
    alias: str = ""
    """The alias where none is given."""

    def make(self, api: Api, props: Props) -> str:
        """POST, then link."""
        alias = str(props.get("alias") or self.alias)
        body = merge(merge(self.zeros(props), self.body(props)), {"alias": alias})
        body.pop("organizationId", None)
        api.post(path(self.collection, props), body)
        if props.get("organizationId"):
            self._link(api, alias, props, str(props["organizationId"]))
            api.put(self.where(alias, props), merge(self.document(api, alias, props) or {}, self.body(props)))
        return alias

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """PUT, and link anew where that changed."""
        before, after = olds.get("organizationId"), news.get("organizationId")
        if before and before != after:
            where = path("realms/{realm}/organizations", news)
            api.delete(f"{where}/{before}/identity-providers/{identity}")
        if after and before != after:
            self._link(api, identity, news, str(after))
        super().change(api, identity, olds, news)

    def put(self, api: Api, identity: str, props: Props, body: Json) -> None:
        """PUT; an empty link is none."""
        if not body.get("organizationId"):
            body.pop("organizationId", None)
        super().put(api, identity, props, body)

    def body(self, props: Props) -> Json:
        """A key set's address is only used when that is said too."""
        body = super().body(props)
        if any(field.name == "jwksUrl" for field in self.fields):
            merge(body, {"config": {"useJwksUrl": "true" if props.get("jwksUrl") else "false"}})
        return body

    def _link(self, api: Api, alias: str, props: Props, organization: str) -> None:
        api.post(f"{path('realms/{realm}/organizations', props)}/{organization}/identity-providers", alias)


def identity_provider(
    text: str,
    *,
    provider: str,
    alias: str = "",
    schema_version: int = 0,
    hidden: bool = False,
    of: type[IdentityProvider] = IdentityProvider,
) -> IdentityProvider:
    """A kind of identity provider; those with an alias of their own do not need one."""
    named = 'alias required new\n    displayName = ""' if not alias else "alias computed new\n    displayName computed"
    return of(
        fields=table(f'    {named}\n    providerId = "{provider}"\n' + _SHARED + text),
        imports=("realm", "id"),
        alias=alias,
        schema_version=schema_version,
        constants={"hideOnLogin": True} if hidden else {},
    )


@dataclass(frozen=True, kw_only=True)
class SamlIdentityProvider(IdentityProvider):
    """SAML: the formats of names have long names of their own."""

    def body(self, props: Props) -> Json:
        """Requests are signed where an algorithm for that is chosen, unless it is said otherwise."""
        body = super().body(props)
        config = body.setdefault("config", {})
        if "wantAuthnRequestsSigned" not in props:
            config["wantAuthnRequestsSigned"] = "true" if props.get("signatureAlgorithm") else "false"
        if "nameIDPolicyFormat" in config:
            config["nameIDPolicyFormat"] = _NAME_FORMATS.get(config["nameIDPolicyFormat"], "")
        return body

    def told(self, found: Mapping[str, Any], prior: Props) -> Found:
        """The short name of the format."""
        read = super().told(found, prior)
        short = {long: name for name, long in _NAME_FORMATS.items()}
        return {**read, "nameIdPolicyFormat": short.get(read.get("nameIdPolicyFormat", ""), "")}


@dataclass(frozen=True, kw_only=True)
class IdentityProviderMapper(Rest):
    """One mapper of an identity provider; which class it is may depend on the provider's."""

    collection: str = "realms/{realm}/identity-provider/instances/{identityProviderAlias}/mappers"
    of: Callable[[str, Props], str] | str
    """The mapper's class, or how it follows from the provider's class and the properties."""

    def make(self, api: Api, props: Props) -> str:
        """POST, once its class is known."""
        return str(api.post(path(self.collection, props), self._classed(api, props, self.body(props))))

    def put(self, api: Api, identity: str, props: Props, body: Json) -> None:
        """PUT, of the class that it now has to be."""
        api.put(self.where(identity, props), self._classed(api, props, body))

    def told(self, found: Mapping[str, Any], prior: Props) -> Found:
        """What the settings and the class tell."""
        of = str(found["identityProviderMapper"])
        config = dict(found.get("config") or {})
        if of.endswith("-user-attribute-mapper"):
            config |= {usual: config[key] for usual, key in _SOCIAL_KEYS.items() if key in config}
        read = super().told({**found, "config": config}, prior)
        pattern = str(prior.get("identityProviderMapper") or "")
        if "%s" in pattern and re.fullmatch(re.escape(pattern).replace("%s", ".*"), of):
            read["identityProviderMapper"] = pattern
        return {
            **read,
            **({"userSession": "session" in of} if any(one.name == "userSession" for one in self.fields) else {}),
        }

    def _classed(self, api: Api, props: Props, body: Json) -> Json:
        found = api.find(path("realms/{realm}/identity-provider/instances/{identityProviderAlias}", props))
        if found is None:
            raise KeycloakError(
                f"realm '{props['realm']}' has no identity provider '{props['identityProviderAlias']}'",
                hint="depend on the provider, so that it is made first",
            )
        of = self.of if isinstance(self.of, str) else self.of(str(found["providerId"]), props)
        config = body.setdefault("config", {})
        if of.endswith("-user-attribute-mapper"):
            config |= {key: config.pop(usual) for usual, key in _SOCIAL_KEYS.items() if usual in config}
        return merge(body, {"identityProviderMapper": of})


def identity_provider_mapper(text: str, of: Callable[[str, Props], str] | str) -> IdentityProviderMapper:
    """A kind of mapper: its own properties, and how its class is found."""
    return IdentityProviderMapper(fields=table(_MAPPER + text), imports=("realm", "identityProviderAlias", "id"), of=of)


_MAPPER = """
    realm @- required new
    name required new
    identityProviderAlias required new
    extraConfig @config extra
"""
_SOCIAL_KEYS = {"user.attribute": "userAttribute", "claim": "jsonField"}
_NAME_FORMATS = {
    "Email": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "Kerberos": "urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos",
    "X.509 Subject Name": "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName",
    "Unspecified": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "Transient": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
    "Windows Domain Qualified Name": "urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName",
    "Persistent": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
}
