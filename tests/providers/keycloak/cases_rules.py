"""A support file: the lives of authentication flows, authorization, parts of a realm, and management permissions."""

from __future__ import annotations

from typing import Any

from tests.providers.keycloak.cases import Case

R = {"realmId": "{realm}"}
Z = {**R, "resourceServerId": "{client}"}
_IN_SERVER = "{realm}/{client}/{id}"


def _policy(name: str, wanted: dict[str, Any], change: dict[str, Any], *, untold: tuple[str, ...] = ()) -> Case:
    shared = {**Z, "decisionStrategy": "UNANIMOUS", "name": "p"}
    token = f"openid/{name[0].lower()}{name[1:]}:{name}"
    return Case(token, {**shared, **wanted}, change, "resourceServerId", _IN_SERVER, untold)


CASES = [
    Case(
        "authentication/flow:Flow",
        {**R, "alias": "a flow"},
        {"description": "x", "alias": "another"},
        "realmId",
        "{realm}/{id}",
    ),
    Case(
        "authentication/flow:Flow",
        {**R, "alias": "a copy", "copyFrom": "browser", "description": "q"},
        replace="copyFrom",
    ),
    Case(
        "authentication/subflow:Subflow",
        {**R, "alias": "inner", "parentFlowAlias": "outer", "requirement": "ALTERNATIVE", "priority": 20},
        {"requirement": "CONDITIONAL", "description": "q"},
        "parentFlowAlias",
        "{realm}/outer/{id}",
    ),
    Case(
        "authentication/execution:Execution",
        {
            **R,
            "parentFlowAlias": "outer",
            "authenticator": "auth-cookie",
            "requirement": "REQUIRED",
            "priority": 10,
        },
        {"requirement": "ALTERNATIVE", "priority": 30},
        "authenticator",
        "{realm}/outer/{id}",
    ),
    Case(
        "authentication/executionConfig:ExecutionConfig",
        {**R, "executionId": "{execution}", "alias": "cfg", "config": {"defaultProvider": "x"}},
        {"config": {"defaultProvider": "y"}},
        "alias",
        "{realm}/{execution}/{id}",
    ),
    Case(
        "authentication/bindings:Bindings",
        {**R, "browserFlow": "outer"},
        {"browserFlow": "browser", "directGrantFlow": "outer"},
        "realmId",
        "{realm}",
        stays=True,
    ),
    Case(
        "openid/clientAuthorizationResource:ClientAuthorizationResource",
        {**Z, "name": "thing", "uris": ["/a", "/b"], "attributes": {"x": "1##2"}, "scopes": ["see"]},
        {"displayName": "d", "uris": ["/a"], "attributes": None},
        "resourceServerId",
        _IN_SERVER,
    ),
    Case(
        "openid/clientAuthorizationScope:ClientAuthorizationScope",
        {**Z, "name": "touch"},
        {"displayName": "d"},
        "resourceServerId",
        _IN_SERVER,
    ),
    _policy("ClientUserPolicy", {"users": ["{user}"], "logic": "POSITIVE"}, {"description": "x"}),
    _policy(
        "ClientRolePolicy",
        {"type": "role", "roles": [{"id": "{role}", "required": False}]},
        {"roles": [{"id": "{role}", "required": True}], "description": "d"},
    ),
    _policy(
        "ClientGroupPolicy",
        {"groups": [{"id": "{group}", "path": "/g", "extendChildren": False}]},
        {"groupsClaim": "q"},
        untold=("groups",),
    ),
    _policy("ClientPolicy", {"clients": ["{client}"]}, {"logic": "NEGATIVE"}),
    _policy("ClientRegexPolicy", {"targetClaim": "a", "pattern": "b"}, {"pattern": "c"}),
    _policy(
        "ClientTimePolicy",
        {"notBefore": "2026-01-01 00:00:00", "hour": "1", "hourEnd": "5"},
        {"hour": "2", "notBefore": None},
    ),
    _policy("ClientAuthorizationClientScopePolicy", {"scopes": [{"id": "{scope}"}]}, {"description": "c"}),
    _policy("ClientAggregatePolicy", {"policies": ["{policy}"]}, {"description": "c"}),
    _policy("ClientJsPolicy", {"code": "script-allow.js"}, {"description": "c"}),
    Case(
        "index/genericClientAuthorizationPolicy:GenericClientAuthorizationPolicy",
        {
            **Z,
            "name": "any",
            "type": "regex",
            "decisionStrategy": "UNANIMOUS",
            "config": {"targetClaim": "a", "pattern": "b"},
        },
        {"config": {"targetClaim": "a", "pattern": "c"}},
        "type",
        _IN_SERVER,
    ),
    Case(
        "openid/clientAuthorizationPermission:ClientAuthorizationPermission",
        {**Z, "name": "perm", "policies": ["{policy}"], "resources": ["{resource}"]},
        {"description": "x", "policies": []},
        "resourceServerId",
        _IN_SERVER,
    ),
    Case(
        "openid/clientAuthorizationPermission:ClientAuthorizationPermission",
        {**Z, "name": "perm2", "type": "scope", "policies": ["{policy}"], "scopes": ["{see}"]},
        {"resources": ["{resource}"]},
    ),
    Case(
        "index/realmEvents:RealmEvents",
        {
            **R,
            "eventsEnabled": True,
            "eventsListeners": ["jboss-logging"],
            "enabledEventTypes": ["LOGIN", "LOGOUT"],
        },
        {"eventsExpiration": 100, "eventsEnabled": None},
        "realmId",
        "{realm}",
        stays=True,
    ),
    Case(
        "index/realmUserProfile:RealmUserProfile",
        {
            **R,
            "attributes": [
                {"name": "username"},
                {"name": "email"},
                {
                    "name": "dept",
                    "displayName": "D",
                    "multiValued": True,
                    "group": "grp",
                    "permissions": {"views": ["admin", "user"], "edits": ["admin"]},
                    "requiredForRoles": ["user"],
                    "validators": [
                        {"name": "length", "config": {"min": "1", "max": "5"}},
                        {"name": "options", "config": {"options": '["a","b"]'}},
                    ],
                    "annotations": {"x": "y"},
                },
            ],
            "groups": [{"name": "grp", "displayHeader": "G"}],
        },
        {"unmanagedAttributePolicy": "ENABLED", "attributes": [{"name": "username"}, {"name": "email"}]},
        "realmId",
        "{realm}",
        stays=True,
    ),
    Case(
        "index/realmClientPolicyProfile:RealmClientPolicyProfile",
        {**R, "name": "strict", "executors": [{"name": "pkce-enforcer", "configuration": {"auto-configure": "true"}}]},
        {"description": "x"},
        "name",
    ),
    Case(
        "index/realmClientPolicyProfilePolicy:RealmClientPolicyProfilePolicy",
        {
            **R,
            "name": "pol",
            "profiles": ["prof"],
            "conditions": [{"name": "client-access-type", "configuration": {"type": '["confidential"]'}}],
        },
        {"description": "x"},
        "name",
    ),
    Case(
        "index/requiredAction:RequiredAction",
        {**R, "alias": "CONFIGURE_TOTP", "enabled": True},
        {"defaultAction": True, "priority": 77, "config": {"a": "b"}},
        "alias",
        "{realm}/CONFIGURE_TOTP",
    ),
    Case(
        "index/realmLocalization:RealmLocalization",
        {**R, "locale": "de", "texts": {"a": "b c", "x": "ü"}},
        {"texts": {"a": "q"}},
        "locale",
        "{realm}/de",
    ),
    Case(
        "index/workflow:Workflow",
        {"realm": "{realm}", "name": "wf", "on": "user_created", "steps": [{"uses": "disable-user", "after": "5"}]},
        {"enabled": False},
        "realm",
        "{realm}/{id}",
    ),
    Case(
        "index/groupAdminPermissions:GroupAdminPermissions",
        {**R, "name": "ga", "scopes": ["view"], "groupIds": ["{group}"]},
        {"scopes": ["view", "manage"]},
        "realmId",
        "{id}",
    ),
    Case(
        "index/roleAdminPermissions:RoleAdminPermissions",
        {**R, "name": "ra", "scopes": ["map-role"]},
        {"roleIds": ["{role}"]},
        "realmId",
        "{id}",
    ),
    Case(
        "index/usersAdminPermissions:UsersAdminPermissions",
        {**R, "name": "ua", "scopes": ["view"]},
        {"description": "q"},
        "realmId",
        "{id}",
    ),
    Case(
        "openid/clientAdminPermissions:ClientAdminPermissions",
        {**R, "name": "ca", "scopes": ["view"], "clientIds": ["{client}"]},
        {"clientIds": []},
        "realmId",
        "{id}",
    ),
]
FIRST_FORM = [
    Case(
        "index/groupPermissions:GroupPermissions",
        {**R, "groupId": "{group}", "viewScope": {"description": "x"}},
        {"manageScope": {"description": "m", "decisionStrategy": "CONSENSUS"}, "viewScope": None},
        "groupId",
        "{realm}/{group}",
    ),
    Case(
        "openid/clientPermissions:ClientPermissions",
        {**R, "clientId": "{client}", "viewScope": {"description": "x"}},
        {"tokenExchangeScope": {"description": "m"}},
        "clientId",
        "{realm}/{client}",
    ),
    Case(
        "index/usersPermissions:UsersPermissions",
        {**R, "impersonateScope": {"description": "x"}},
        {"viewScope": {"description": "m"}},
        "realmId",
        "{realm}",
    ),
    Case(
        "index/identityProviderTokenExchangeScopePermission:IdentityProviderTokenExchangeScopePermission",
        {**R, "providerAlias": "facebook2", "clients": ["{client}"]},
        {"clients": []},
        "providerAlias",
        "{realm}/facebook2",
    ),
]
