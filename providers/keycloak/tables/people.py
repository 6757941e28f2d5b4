"""Roles, groups, users, organisations, and who belongs to what."""

from __future__ import annotations

from collections.abc import Mapping

from providers.keycloak.field import table
from providers.keycloak.kind import Kind
from providers.keycloak.kinds.grant import RoleScope, ServiceAccountRole
from providers.keycloak.kinds.members import Addressed, DefaultRoles, RoleMappings, UserGroups, Usernames
from providers.keycloak.kinds.people import Group, Role, User
from providers.keycloak.rest import Rest

_ROLE = """
    realmId @- required new
    clientId @- new
    name required
    description computed
    compositeRoles @- set computed
    attributes map multi computed
    import @- bool new = false
"""
_GROUP = """
    realmId @- required new
    organizationId @- new
    parentId @- new
    name required
    description kept
    path output
    attributes map multi
"""
_USER = """
    realmId @- required new
    username required new
    email
    emailVerified bool = false
    firstName
    lastName
    attributes map multi
    requiredActions set
    federatedIdentities objectset
        identityProvider required
        userId required
        userName required
    initialPassword @- object once
        value required
        temporary bool = false
    enabled bool = true
    import @- bool new = false
"""
_ORGANIZATION = """
    name required new
    realm @- required new
    alias computed
    enabled bool = true
    description
    redirectUrl
    domains objectset
        name required
        verified bool = false
    attributes map multi computed
"""
_GRANT = """
    realmId @- required new
    serviceAccountUserId @- required new
    clientId @- required new
    role @- required new
"""
_REALM_GRANT = _GRANT.replace("    clientId @- required new\n", "")
_SCOPE = """
    realmId @- required new
    clientId @- new
    clientScopeId @- new
    roleId @- required new
"""


def _set(key: str, *owners: str, exhaustive: bool = False) -> str:
    lines = [f"    {owner} @- required new\n" for owner in ("realmId", *owners)]
    return "".join(lines) + f"    {key} @- set required\n" + ("    exhaustive @- bool = true\n" if exhaustive else "")


def _scopes(key: str, which: str) -> Addressed:
    return Addressed(
        fields=table(_set(key, "clientId")),
        key=key,
        identity="{realmId}/{clientId}",
        imports=("realmId", "clientId"),
        where=f"realms/{{realmId}}/clients/{{clientId}}/{which}-client-scopes",
        source="realms/{realmId}/client-scopes",
    )


def _realm_scopes(key: str, which: str) -> Addressed:
    return Addressed(
        fields=table(_set(key)),
        key=key,
        identity="{realmId}",
        imports=("realmId",),
        where=f"realms/{{realmId}}/default-{which}-client-scopes",
        source="realms/{realmId}/client-scopes",
    )


def _mappings(owner: str) -> RoleMappings:
    return RoleMappings(
        fields=table(_set("roleIds", f"{owner}Id", exhaustive=True)),
        key="roleIds",
        identity=f"{{realmId}}/{{{owner}Id}}",
        imports=("realmId", f"{owner}Id"),
        owner=f"realms/{{realmId}}/{owner}s/{{{owner}Id}}",
    )


KINDS: Mapping[str, Kind] = {
    "index/role:Role": Role(fields=table(_ROLE), imports=("realmId", "id")),
    "index/group:Group": Group(fields=table(_GROUP), imports=("realmId", "id")),
    "index/user:User": User(fields=table(_USER), imports=("realmId", "id")),
    "index/organization:Organization": Rest(
        fields=table(_ORGANIZATION), imports=("realm", "id"), collection="realms/{realm}/organizations"
    ),
    "index/organizationMemberships:OrganizationMemberships": Usernames(
        fields=table(_set("members", "organizationId")),
        key="members",
        identity="{realmId}/organization-memberships/{organizationId}",
        where="realms/{realmId}/organizations/{organizationId}/members",
        organization=True,
    ),
    "index/groupMemberships:GroupMemberships": Usernames(
        fields=table(_set("members", "groupId").replace("groupId @- required", "groupId @-")),
        key="members",
        identity="{realmId}/group-memberships/{groupId}",
        where="realms/{realmId}/groups/{groupId}/members",
    ),
    "index/defaultGroups:DefaultGroups": Addressed(
        fields=table(_set("groupIds")),
        key="groupIds",
        identity="{realmId}/default-groups",
        imports=("realmId",),
        where="realms/{realmId}/default-groups",
    ),
    "index/defaultRoles:DefaultRoles": DefaultRoles(
        fields=table(_set("defaultRoles")), key="defaultRoles", identity="", imports=("realmId", "id")
    ),
    "index/userGroups:UserGroups": UserGroups(
        fields=table(_set("groupIds", "userId", exhaustive=True)),
        key="groupIds",
        identity="{realmId}/{userId}",
        imports=("realmId", "userId"),
        where="realms/{realmId}/users/{userId}/groups",
    ),
    "index/userRoles:UserRoles": _mappings("user"),
    "index/groupRoles:GroupRoles": _mappings("group"),
    "openid/clientDefaultScopes:ClientDefaultScopes": _scopes("defaultScopes", "default"),
    "openid/clientOptionalScopes:ClientOptionalScopes": _scopes("optionalScopes", "optional"),
    "saml/clientDefaultScope:ClientDefaultScope": _scopes("defaultScopes", "default"),
    "index/realmDefaultClientScopes:RealmDefaultClientScopes": _realm_scopes("defaultScopes", "default"),
    "index/realmOptionalClientScopes:RealmOptionalClientScopes": _realm_scopes("optionalScopes", "optional"),
    "openid/clientServiceAccountRole:ClientServiceAccountRole": ServiceAccountRole(
        fields=table(_GRANT), imports=("realmId", "serviceAccountUserId", "clientId", "id")
    ),
    "openid/clientServiceAccountRealmRole:ClientServiceAccountRealmRole": ServiceAccountRole(
        fields=table(_REALM_GRANT), imports=("realmId", "serviceAccountUserId", "id")
    ),
    "index/genericRoleMapper:GenericRoleMapper": RoleScope(
        fields=table(_SCOPE), imports=("realmId", "kind", "owner", "word", "of", "roleId")
    ),
    "index/genericClientRoleMapper:GenericClientRoleMapper": RoleScope(
        fields=table(_SCOPE), imports=("realmId", "kind", "owner", "word", "of", "roleId")
    ),
}
