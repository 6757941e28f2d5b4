"""Clients: applications that let users log in through a realm."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.provider_api import CheckFailure
from engine.values import UNKNOWN, Props
from providers.keycloak.api import Api, path
from providers.keycloak.body import Json, merge, read
from providers.keycloak.errors import KeycloakError
from providers.keycloak.kind import Found
from providers.keycloak.kinds.people import Adoptable

_XMLENC, _XMLENC11 = "http://www.w3.org/2001/04/xmlenc#", "http://www.w3.org/2009/xmlenc11#"
_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
_LONG: Mapping[str, Mapping[str, str]] = {
    "saml.encryption.algorithm": {
        **{f"AES_{size}_GCM": f"{_XMLENC11}aes{size}-gcm" for size in (256, 192, 128)},
        **{f"AES_{size}_CBC": f"{_XMLENC}aes{size}-cbc" for size in (256, 192, 128)},
    },
    "saml.encryption.keyAlgorithm": {
        "RSA-OAEP-11": f"{_XMLENC11}rsa-oaep",
        "RSA-OAEP-MGF1P": f"{_XMLENC}rsa-oaep-mgf1p",
        "RSA1_5": f"{_XMLENC}rsa-1_5",
    },
    "saml.encryption.digestMethod": {
        "SHA-512": f"{_XMLENC}sha512",
        "SHA-256": f"{_XMLENC}sha256",
        "SHA-1": "http://www.w3.org/2000/09/xmldsig#sha1",
    },
    "saml.encryption.maskGenerationFunction": {
        f"mgf1sha{size}": f"{_XMLENC11}mgf1sha{size}" for size in (1, 224, 256, 384, 512)
    },
    "saml_signature_canonicalization_method": {
        "EXCLUSIVE": _C14N,
        "EXCLUSIVE_WITH_COMMENTS": f"{_C14N}WithComments",
        "INCLUSIVE": "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "INCLUSIVE_WITH_COMMENTS": "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    },
}
_PEM = ("saml.encryption.certificate", "saml.signing.certificate", "saml.signing.private.key")


@dataclass(frozen=True, kw_only=True)
class OpenidClient(Adoptable):
    """A client of OpenID Connect."""

    collection: str = "realms/{realmId}/clients"

    def failures(self, inputs: Props) -> list[CheckFailure]:
        """What Keycloak would accept, but could never work."""
        access, flows = inputs.get("accessType"), ("standardFlowEnabled", "implicitFlowEnabled")
        if access is UNKNOWN or any(inputs.get(flow) is UNKNOWN for flow in flows):
            return []
        found = []
        if any(inputs.get(flow) for flow in flows) and not inputs.get("validRedirectUris"):
            found.append(CheckFailure("validRedirectUris", "standard and implicit flow need a valid redirect URI"))
        if not any(inputs.get(flow) for flow in flows) and inputs.get("validRedirectUris"):
            found.append(CheckFailure("validRedirectUris", "redirect URIs need the standard or the implicit flow"))
        if inputs.get("serviceAccountsEnabled") and access == "PUBLIC":
            found.append(CheckFailure("serviceAccountsEnabled", "a public client cannot have a service account"))
        return found

    def made(self, api: Api, props: Props) -> str:
        """POST; the example resource of a new resource server goes, unless it is wanted."""
        identity = super().made(api, props)
        authorization = props.get("authorization")
        if authorization and not authorization.get("keepDefaults"):
            where = f"{self.where(identity, props)}/authz/resource-server/resource"
            for one in api.get(where, name="Default Resource"):
                api.delete(f"{where}/{one['_id']}")
        return identity

    def existing(self, api: Api, props: Props) -> str:
        """By the id that it calls itself."""
        found = api.get(path(self.collection, props), clientId=props["clientId"])
        if not found:
            raise KeycloakError(f"realm '{props['realmId']}' has no client '{props['clientId']}' to take over")
        return str(found[0]["id"])

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """PUT; a new secret where that was asked for, and the settings of its resource server."""
        super().change(api, identity, olds, news)
        if news.get("clientSecretRegenerateWhenChanged") != olds.get("clientSecretRegenerateWhenChanged"):
            api.ask(f"{self.where(identity, news)}/client-secret", None)
        if news.get("authorization"):
            where = f"{self.where(identity, news)}/authz/resource-server"
            settings = self.body(news)["authorizationSettings"]
            api.put(where, merge(api.get(where), settings))

    def body(self, props: Props) -> Json:
        """Keycloak's two switches for the three kinds of access."""
        access = props.get("accessType")
        body = super().body(props)
        overrides = {"authenticationFlowBindingOverrides": {"browser": "", "direct_grant": ""}}
        switches = {
            "publicClient": access == "PUBLIC",
            "bearerOnly": access == "BEARER-ONLY",
            "authorizationServicesEnabled": bool(props.get("authorization")),
        }
        return merge(merge(overrides, switches), body)

    def told(self, found: Mapping[str, Any], prior: Props) -> Found:
        """The kind of access."""
        read = super().told(found, prior)
        read["accessType"] = _access(found)
        if prior.get("clientSecretWoVersion"):
            read.pop("clientSecret", None)
        return _without_overrides(read)

    def known(self, api: Api, identity: str, prior: Props, found: Json) -> Found:
        """Its own account, and the settings of its resource server."""
        where = self.where(identity, prior)
        account = api.get(f"{where}/service-account-user")["id"] if found.get("serviceAccountsEnabled") else ""
        known: Found = {"serviceAccountUserId": account, "resourceServerId": ""}
        if found.get("authorizationServicesEnabled"):
            settings = {"authorizationSettings": api.get(f"{where}/authz/resource-server")}
            fields = [one for one in self.fields if one.name == "authorization"]
            inner = read(fields, settings, prior)["authorization"]
            keep = (prior.get("authorization") or {}).get("keepDefaults", False)
            known |= {"resourceServerId": identity, "authorization": {**inner, "keepDefaults": keep}}
        return known


@dataclass(frozen=True, kw_only=True)
class SamlClient(Adoptable):
    """A client of SAML; methods have long names of their own there."""

    collection: str = "realms/{realmId}/clients"

    def body(self, props: Props) -> Json:
        """Long names, and keys without the lines around them."""
        body = merge(
            {"authenticationFlowBindingOverrides": {"browser": "", "direct_grant": ""}},
            super().body(props),
        )
        attributes = body.setdefault("attributes", {})
        for key, names in _LONG.items():
            if key in attributes:
                attributes[key] = names.get(attributes[key], attributes[key])
        for key in _PEM:
            if key in attributes:
                attributes[key] = _bare_pem(attributes[key])
        return body

    def made(self, api: Api, props: Props) -> str:
        """POST, with the ways of encryption that are good today."""
        key = props.get("encryptionKeyAlgorithm", "RSA-OAEP-11")
        chosen: Found = {"encryptionKeyAlgorithm": key}
        if key in ("RSA-OAEP-11", "RSA-OAEP-MGF1P"):
            chosen["encryptionDigestMethod"] = "SHA-256"
        if key == "RSA-OAEP-11":
            chosen["encryptionMaskGenerationFunction"] = "mgf1sha256"
        return super().made(api, {**chosen, **props})

    def told(self, found: Mapping[str, Any], prior: Props) -> Found:
        """Short names, and fingerprints of the keys."""
        attributes = dict(found.get("attributes") or {})
        for key, names in _LONG.items():
            short = {long: name for name, long in names.items()}
            if key in attributes:
                attributes[key] = short.get(attributes[key], attributes[key])
        read = super().told({**found, "attributes": attributes}, prior)
        for name in ("encryptionCertificate", "signingCertificate", "signingPrivateKey"):
            read[f"{name}Sha1"] = _fingerprint(read.get(name) or "")
            if prior.get(name) and _bare_pem(str(prior[name])) == read.get(name):
                read[name] = prior[name]
        return _without_overrides(read)


def _access(found: Mapping[str, Any]) -> str:
    if found.get("publicClient"):
        return "PUBLIC"
    return "BEARER-ONLY" if found.get("bearerOnly") else "CONFIDENTIAL"


def _without_overrides(read: Found) -> Found:
    """A binding without flows says nothing."""
    if not any((read.get("authenticationFlowBindingOverrides") or {}).values()):
        read.pop("authenticationFlowBindingOverrides", None)
    return read


def _bare_pem(text: str) -> str:
    return "".join(line.strip() for line in text.splitlines() if not line.startswith("-----"))


def _fingerprint(text: str) -> str:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        return ""
    return hashlib.sha1(raw, usedforsecurity=False).hexdigest() if raw else ""
