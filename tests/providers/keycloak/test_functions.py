"""The functions of the SDK package against a real Keycloak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine.provider_api import InvokeRequest
from engine.values import Secret
from providers.keycloak import KeycloakProvider
from providers.keycloak.errors import KeycloakError
from providers.keycloak.functions import FUNCTIONS
from tests.providers.keycloak.cases import filled
from tests.providers.keycloak.stage import Stage, stage
from tests.support import sdk_surface

R = {"realmId": "{realm}"}
_CLIENT = '{"client_id": "x", "client_name": "X", "redirect_uris": ["http://a"]}'
CALLS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("authentication/getSubflow:getSubflow", {**R, "parentFlowAlias": "browser", "alias": "forms"}, {"alias": "forms"}),
    (
        "index/getAuthenticationExecution:getAuthenticationExecution",
        {**R, "parentFlowAlias": "outer", "providerId": "identity-provider-redirector"},
        {"id": "{execution}"},
    ),
    ("index/getAuthenticationFlow:getAuthenticationFlow", {**R, "alias": "outer"}, {"id": "{flow}"}),
    (
        "index/getClientDescriptionConverter:getClientDescriptionConverter",
        {**R, "body": _CLIENT},
        {"clientId": "x", "name": "X", "redirectUris": ["http://a"]},
    ),
    (
        "index/getGenericProtocolMapper:getGenericProtocolMapper",
        {**R, "clientScopeId": "{scope}", "name": "fixed"},
        {"protocol": "openid-connect"},
    ),
    ("index/getGroup:getGroup", {**R, "name": "g"}, {"id": "{group}", "path": "/g"}),
    ("index/getGroup:getGroup", {**R, "groupPath": "/h"}, {"id": "{group2}", "name": "h"}),
    ("index/getOrganization:getOrganization", {"realm": "{realm}", "name": "acme"}, {"id": "{org}", "enabled": True}),
    ("index/getRealm:getRealm", {"realm": "{realm}"}, {"id": "{realm}", "enabled": True, "sslRequired": "external"}),
    (
        "index/getRealmClientRegistrationPolicy:getRealmClientRegistrationPolicy",
        {**R, "name": "Max Clients Limit", "providerId": "max-clients", "subType": "anonymous"},
        {"config": {"max-clients": "200"}},
    ),
    ("index/getRealmKeys:getRealmKeys", {**R, "algorithms": ["RS256"], "statuses": ["ACTIVE"]}, {"id": "{realm}"}),
    ("index/getRole:getRole", {**R, "name": "viewer"}, {"id": "{role}", "compositeRoles": []}),
    ("index/getUser:getUser", {**R, "username": "bob"}, {"id": "{user}", "enabled": True}),
    ("index/getUserRealmRoles:getUserRealmRoles", {**R, "userId": "{user}"}, {"roleNames": ["default-roles-stage"]}),
    ("openid/getClient:getClient", {**R, "clientId": "web"}, {"id": "{client}", "accessType": "CONFIDENTIAL"}),
    (
        "openid/getClientAuthorizationPolicy:getClientAuthorizationPolicy",
        {**R, "resourceServerId": "{client}", "name": "shared"},
        {"id": "{policy}", "type": "user"},
    ),
    (
        "openid/getClientAuthorizationScope:getClientAuthorizationScope",
        {**R, "resourceServerId": "{client}", "name": "see"},
        {"id": "{see}"},
    ),
    ("openid/getClientScope:getClientScope", {**R, "name": "cs"}, {"id": "{scope}", "includeInTokenScope": True}),
    (
        "openid/getClientServiceAccountUser:getClientServiceAccountUser",
        {**R, "clientId": "{client}"},
        {"id": "{account}", "username": "service-account-web"},
    ),
    ("saml/getClient:getClient", {**R, "clientId": "sam"}, {"id": "{saml}", "signDocuments": True}),
    (
        "saml/getClientInstallationProvider:getClientInstallationProvider",
        {**R, "clientId": "{saml}", "providerId": "keycloak-saml"},
        {"providerId": "keycloak-saml"},
    ),
    ("saml/getClientScope:getClientScope", {**R, "name": "css"}, {"id": "{samlscope}"}),
]


@pytest.fixture(scope="module")
def realm(provider: KeycloakProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = stage(provider, tmp_path_factory.mktemp("functions"), admin_permissions=False)
    yield made
    made.clear()


def _asked(on: Stage, token: str, args: dict[str, Any]) -> dict[str, Any]:
    reply = on.provider.invoke(InvokeRequest(token=f"keycloak:{token}", args=filled(args, on.names)))
    assert not reply.failures
    return dict(reply.result)


@pytest.mark.parametrize(("token", "args", "told"), CALLS, ids=lambda one: one if isinstance(one, str) else "")
def test_a_function_tells_what_is_there(realm: Stage, token: str, args: dict[str, Any], told: dict[str, Any]) -> None:
    found = _asked(realm, token, args)
    wanted = filled(told, realm.names)
    assert {key: found.get(key) for key in wanted} == wanted


def test_a_client_secret_stays_secret(realm: Stage) -> None:
    assert isinstance(_asked(realm, "openid/getClient:getClient", {**R, "clientId": "web"})["clientSecret"], Secret)


def test_what_is_not_there_is_named(realm: Stage) -> None:
    with pytest.raises(KeycloakError, match="realm 'stage' has no Role 'none'"):
        _asked(realm, "index/getRole:getRole", {**R, "name": "none"})


def test_every_function_of_the_sdk_is_done() -> None:
    assert {f"keycloak:{token}" for token in FUNCTIONS} == sdk_surface.functions("pulumi_keycloak")
