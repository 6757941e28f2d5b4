"""Protocol mappers of OpenID Connect and SAML."""

from __future__ import annotations

from collections.abc import Mapping

from providers.keycloak.kind import Kind
from providers.keycloak.kinds.protocol_mapper import OWNER, generic, mapper

_FIXED_NAME = OWNER.replace("name required", "name required new")
_ID = "    addToIdToken @config/id.token.claim bool quoted = true\n"
_ACCESS = "    addToAccessToken @config/access.token.claim bool quoted = true\n"
_INFO = "    addToUserinfo @config/userinfo.token.claim bool quoted = true\n"
_INTROSPECTION = "    addToTokenIntrospection @config/introspection.token.claim bool quoted = true\n"
_NO_INTROSPECTION = _INTROSPECTION.replace("= true", "= false")
_CLAIM = """
    claimName @config/claim.name required
    claimValueType @config/jsonType.label :JSON|String|long|int|boolean = "String"
"""
_MULTIVALUED = "    multivalued @config/multivalued bool quoted = false\n"
_SAML_ATTRIBUTE = """
    friendlyName @config/friendly.name
    samlAttributeName @config/attribute.name required
    samlAttributeNameFormat @config/attribute.nameformat required :Basic|URI~Reference|Unspecified
"""


def _openid(of: str, text: str, *, owner: str = OWNER) -> Kind:
    return mapper("openid-connect", of, text, owner=owner)


KINDS: Mapping[str, Kind] = {
    "openid/audienceProtocolMapper:AudienceProtocolMapper": _openid(
        "oidc-audience-mapper",
        """
    includedClientAudience @config/included.client.audience
    includedCustomAudience @config/included.custom.audience
"""
        + _ID
        + _ACCESS
        + _INTROSPECTION,
    ),
    "openid/audienceResolveProtocolMapper:AudienceResolveProtocolMapper": _openid(
        "oidc-audience-resolve-mapper",
        "",
        owner=OWNER.replace("name required", 'name new = "audience resolve"'),
    ),
    "openid/fullNameProtocolMapper:FullNameProtocolMapper": _openid(
        "oidc-full-name-mapper", _ID + _ACCESS + _INFO, owner=_FIXED_NAME
    ),
    "openid/groupMembershipProtocolMapper:GroupMembershipProtocolMapper": _openid(
        "oidc-group-membership-mapper",
        """
    claimName @config/claim.name required
    fullPath @config/full.path bool quoted = true
"""
        + _ID
        + _ACCESS
        + _INFO
        + _NO_INTROSPECTION,
        owner=_FIXED_NAME,
    ),
    "openid/hardcodedClaimProtocolMapper:HardcodedClaimProtocolMapper": _openid(
        "oidc-hardcoded-claim-mapper",
        _CLAIM + "    claimValue @config/claim.value required\n" + _ID + _ACCESS + _INFO,
    ),
    "openid/hardcodedRoleProtocolMapper:HardcodedRoleProtocolMapper": _openid(
        "oidc-hardcoded-role-mapper", "    roleId @config/role required\n", owner=_FIXED_NAME
    ),
    "openid/subProtocolMapper:SubProtocolMapper": _openid("oidc-sub-mapper", _ACCESS + _INTROSPECTION),
    "openid/userAttributeProtocolMapper:UserAttributeProtocolMapper": _openid(
        "oidc-usermodel-attribute-mapper",
        """
    userAttribute @config/user.attribute required
    aggregateAttributes @config/aggregate.attrs bool quoted = false
"""
        + _CLAIM
        + _MULTIVALUED
        + _ID
        + _ACCESS
        + _INFO
        + _INTROSPECTION,
    ),
    "openid/userClientRoleProtocolMapper:UserClientRoleProtocolMapper": _openid(
        "oidc-usermodel-client-role-mapper",
        """
    clientIdForRoleMappings @config/usermodel.clientRoleMapping.clientId
    clientRolePrefix @config/usermodel.clientRoleMapping.rolePrefix
"""
        + _CLAIM
        + _MULTIVALUED
        + _ID
        + _ACCESS
        + _INFO,
    ),
    "openid/userPropertyProtocolMapper:UserPropertyProtocolMapper": _openid(
        "oidc-usermodel-property-mapper",
        "    userProperty @config/user.attribute required\n" + _CLAIM + _ID + _ACCESS + _INFO,
    ),
    "openid/userRealmRoleProtocolMapper:UserRealmRoleProtocolMapper": _openid(
        "oidc-usermodel-realm-role-mapper",
        "    realmRolePrefix @config/usermodel.realmRoleMapping.rolePrefix\n"
        + _CLAIM
        + _MULTIVALUED
        + _ID
        + _ACCESS
        + _INFO
        + _INTROSPECTION,
    ),
    "openid/userSessionNoteProtocolMapper:UserSessionNoteProtocolMapper": _openid(
        "oidc-usersessionmodel-note-mapper",
        "    sessionNote @config/user.session.note\n" + _CLAIM + _ID + _ACCESS + _INFO + _INTROSPECTION,
    ),
    "saml/userAttributeProtocolMapper:UserAttributeProtocolMapper": mapper(
        "saml",
        "saml-user-attribute-mapper",
        """
    userAttribute @config/user.attribute required
    aggregateAttributes @config/aggregate.attrs bool quoted = false
"""
        + _SAML_ATTRIBUTE,
    ),
    "saml/userPropertyProtocolMapper:UserPropertyProtocolMapper": mapper(
        "saml", "saml-user-property-mapper", "    userProperty @config/user.attribute required\n" + _SAML_ATTRIBUTE
    ),
    "index/genericProtocolMapper:GenericProtocolMapper": generic(),
    "index/genericClientProtocolMapper:GenericClientProtocolMapper": generic(),
}
