"""A support file: the lives of clients, client scopes and protocol mappers."""

from __future__ import annotations

from typing import Any

from tests.providers.keycloak.cases import Case

R = {"realmId": "{realm}"}
C = {**R, "clientId": "{client}"}
S = {**R, "clientId": "{saml}"}
_ANY = {"protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper"}


def _scopes(token: str, key: str, holder: str, names: tuple[list[str], list[str]]) -> Case:
    owner = {"clientId": holder} if holder else {}
    imported = "{realm}/" + holder if holder else "{realm}"
    return Case(token, {**R, **owner, key: names[0]}, {key: names[1]}, "realmId", imported, stays=True)


def _mapper(name: str, wanted: dict[str, Any], change: dict[str, Any]) -> Case:
    token = f"openid/{name[0].lower()}{name[1:]}ProtocolMapper:{name}ProtocolMapper"
    return Case(token, {**C, **wanted}, change, "clientId", "{realm}/client/{client}/{id}")


CASES = [
    Case(
        "openid/client:Client",
        {
            **R,
            "clientId": "shop",
            "accessType": "CONFIDENTIAL",
            "standardFlowEnabled": True,
            "serviceAccountsEnabled": True,
            "validRedirectUris": ["http://a/*", "http://b/*"],
            "validPostLogoutRedirectUris": ["http://x", "http://y"],
            "webOrigins": ["+"],
            "authorization": {"policyEnforcementMode": "ENFORCING"},
            "extraConfig": {"k": "v"},
        },
        {
            "name": "Shop",
            "rootUrl": "http://q",
            "loginTheme": "keycloak",
            "extraConfig": {"l": "w"},
            "accessTokenLifespan": "600",
            "authorization": {"policyEnforcementMode": "PERMISSIVE"},
            "clientSecret": "changed",
        },
        "realmId",
        "{realm}/{id}",
        ("extraConfig",),
    ),
    Case("openid/client:Client", {**R, "clientId": "page", "accessType": "PUBLIC"}, {"description": "x"}),
    Case(
        "saml/client:Client",
        {**R, "clientId": "old", "validRedirectUris": ["http://a/*"], "encryptionAlgorithm": "AES_256_GCM"},
        {"name": "Old", "nameIdFormat": "email", "signDocuments": False, "signatureAlgorithm": "RSA_SHA512"},
        "realmId",
        "{realm}/{id}",
    ),
    Case(
        "openid/clientScope:ClientScope",
        {**R, "name": "more", "guiOrder": 1, "extraConfig": {"x": "y"}},
        {"extraConfig": {"z": "1"}, "consentScreenText": "hi", "guiOrder": None},
        "realmId",
        "{realm}/{id}",
        ("extraConfig",),
    ),
    Case("saml/clientScope:ClientScope", {**R, "name": "smore"}, {"description": "q"}, "realmId", "{realm}/{id}"),
    _scopes(
        "openid/clientDefaultScopes:ClientDefaultScopes", "defaultScopes", "{client}", (["profile", "cs"], ["email"])
    ),
    _scopes(
        "openid/clientOptionalScopes:ClientOptionalScopes", "optionalScopes", "{client}", (["phone", "cs"], ["phone"])
    ),
    _scopes("saml/clientDefaultScope:ClientDefaultScope", "defaultScopes", "{saml}", (["css", "role_list"], ["css"])),
    _scopes(
        "index/realmDefaultClientScopes:RealmDefaultClientScopes", "defaultScopes", "", (["profile", "cs"], ["email"])
    ),
    _scopes(
        "index/realmOptionalClientScopes:RealmOptionalClientScopes",
        "optionalScopes",
        "",
        (["phone", "cs"], ["address"]),
    ),
    _mapper("Audience", {"includedClientAudience": "web"}, {"addToIdToken": False}),
    _mapper("AudienceResolve", {}, {}),
    _mapper("FullName", {}, {"addToIdToken": False}),
    _mapper("GroupMembership", {"claimName": "g"}, {"fullPath": False}),
    _mapper("HardcodedClaim", {"claimName": "g", "claimValue": "1", "claimValueType": "long"}, {"claimValue": "2"}),
    _mapper("HardcodedRole", {"roleId": "viewer"}, {"roleId": "web.uma_protection"}),
    _mapper("Sub", {}, {"addToAccessToken": False}),
    _mapper("UserAttribute", {"claimName": "g", "userAttribute": "x"}, {"multivalued": True}),
    _mapper("UserClientRole", {"claimName": "g"}, {"clientRolePrefix": "p"}),
    _mapper("UserProperty", {"claimName": "g", "userProperty": "email"}, {"claimName": "h"}),
    _mapper("UserRealmRole", {"claimName": "g", "realmRolePrefix": "z"}, {"realmRolePrefix": None}),
    _mapper("UserSessionNote", {"claimName": "g", "sessionNote": "n"}, {"sessionNote": "m"}),
    Case(
        "openid/fullNameProtocolMapper:FullNameProtocolMapper",
        {**R, "clientScopeId": "{scope}", "name": "fn"},
        imported="{realm}/client-scope/{scope}/fn",
    ),
    Case(
        "saml/userAttributeProtocolMapper:UserAttributeProtocolMapper",
        {**S, "userAttribute": "a", "samlAttributeName": "b", "samlAttributeNameFormat": "URI Reference"},
        {"friendlyName": "f"},
    ),
    Case(
        "saml/userPropertyProtocolMapper:UserPropertyProtocolMapper",
        {**S, "userProperty": "email", "samlAttributeName": "b", "samlAttributeNameFormat": "Basic"},
        {"friendlyName": "f"},
    ),
    Case(
        "index/genericProtocolMapper:GenericProtocolMapper",
        {**C, **_ANY, "config": {"included.custom.audience": "x", "id.token.claim": "true"}},
        {"config": {"included.custom.audience": "q"}},
        "protocolMapper",
    ),
    Case(
        "index/genericClientProtocolMapper:GenericClientProtocolMapper",
        {**C, **_ANY, "config": {"included.custom.audience": "x", "id.token.claim": "true"}},
        {"config": {"included.custom.audience": "q"}},
        "protocolMapper",
    ),
]
