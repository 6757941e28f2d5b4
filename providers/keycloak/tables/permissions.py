"""Permissions of a realm's management."""

from __future__ import annotations

from collections.abc import Mapping

from providers.keycloak.field import table
from providers.keycloak.kind import Kind
from providers.keycloak.kinds.permission import AdminPermission, ScopePermissions, TokenExchange

_SCOPE = """
    {name} @- object
        policies set
        description
        decisionStrategy kept :UNANIMOUS|AFFIRMATIVE|CONSENSUS
"""
_ENABLED = """
    enabled @- bool output
    authorizationResourceServerId @- output
"""
_ADMIN = """
    realmId @- required new
    name required
    description
    decisionStrategy :UNANIMOUS|AFFIRMATIVE|CONSENSUS = "UNANIMOUS"
    scopes set required
    policies set
    permissionId @- output
"""
_EXCHANGE = """
    realmId @- required new
    providerAlias @- required new
    policyType @- :client = "client"
    clients @- set required
    policyId @- output
    authorizationResourceServerId @- output
    authorizationIdpResourceId @- output
    authorizationTokenExchangeScopePermissionId @- output
"""
_GROUP = {
    "viewScope": "view",
    "manageScope": "manage",
    "viewMembersScope": "view-members",
    "manageMembersScope": "manage-members",
    "manageMembershipScope": "manage-membership",
}
_CLIENT = {
    "viewScope": "view",
    "manageScope": "manage",
    "configureScope": "configure",
    "mapRolesScope": "map-roles",
    "mapRolesClientScopeScope": "map-roles-client-scope",
    "mapRolesCompositeScope": "map-roles-composite",
    "tokenExchangeScope": "token-exchange",
}
_USERS = {
    "viewScope": "view",
    "manageScope": "manage",
    "mapRolesScope": "map-roles",
    "manageGroupMembershipScope": "manage-group-membership",
    "impersonateScope": "impersonate",
    "userImpersonatedScope": "user-impersonated",
}


def _switched(place: str, owner: str, scopes: Mapping[str, str]) -> ScopePermissions:
    owners = ("realmId", owner) if owner else ("realmId",)
    head = "".join(f"    {name} @- required new\n" for name in owners)
    parts = "".join(_SCOPE.format(name=name) for name in scopes)
    return ScopePermissions(
        fields=table(head + parts + _ENABLED),
        imports=owners,
        identity="/".join("{" + name + "}" for name in owners),
        switch=f"realms/{{realmId}}/{place}",
        scopes=scopes,
    )


def _admin(things: str, key: str) -> AdminPermission:
    listed = f"    {key} @resources set\n" if key else ""
    return AdminPermission(fields=table(_ADMIN + listed + _ENABLED), imports=("realmId", "id"), things=things)


KINDS: Mapping[str, Kind] = {
    "index/groupPermissions:GroupPermissions": _switched("groups/{groupId}/management/permissions", "groupId", _GROUP),
    "openid/clientPermissions:ClientPermissions": _switched(
        "clients/{clientId}/management/permissions", "clientId", _CLIENT
    ),
    "index/usersPermissions:UsersPermissions": _switched("users-management-permissions", "", _USERS),
    "index/groupAdminPermissions:GroupAdminPermissions": _admin("Groups", "groupIds"),
    "index/roleAdminPermissions:RoleAdminPermissions": _admin("Roles", "roleIds"),
    "index/usersAdminPermissions:UsersAdminPermissions": _admin("Users", ""),
    "openid/clientAdminPermissions:ClientAdminPermissions": _admin("Clients", "clientIds"),
    "index/identityProviderTokenExchangeScopePermission:IdentityProviderTokenExchangeScopePermission": TokenExchange(
        fields=table(_EXCHANGE),
        imports=("realmId", "providerAlias"),
        identity="{realmId}/{providerAlias}",
        switch="realms/{realmId}/identity-provider/instances/{providerAlias}/management/permissions",
    ),
}
