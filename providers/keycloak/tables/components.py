"""User federation with its mappers, keys of a realm, and rules for clients that register themselves."""

from __future__ import annotations

from collections.abc import Mapping

from providers.keycloak.kind import Kind
from providers.keycloak.kinds.component import (
    LdapUserFederation,
    UserStorage,
    keystore,
    ldap_mapper,
    registration_policy,
    storage,
)

_LDAP = """
    enabled @config/enabled bool = true
    priority @config/priority int = 0
    importEnabled @config/importEnabled bool = true
    editMode @config/editMode :READ_ONLY|WRITABLE|UNSYNCED = "READ_ONLY"
    syncRegistrations @config/syncRegistrations bool = false
    vendor @config/vendor lower :OTHER|EDIRECTORY|AD|RHDS|TIVOLI = "OTHER"
    usernameLdapAttribute @config/usernameLDAPAttribute required
    rdnLdapAttribute @config/rdnLDAPAttribute required
    uuidLdapAttribute @config/uuidLDAPAttribute required
    userObjectClasses @config/userObjectClasses list comma required
    connectionUrl @config/connectionUrl required
    usersDn @config/usersDn required
    relativeCreateDn @config/relativeCreateDn
    bindDn @config/bindDn
    bindCredential @config/bindCredential sent
    bindCredentialWo @config/bindCredential wo
    bindCredentialWoVersion @-
    customUserSearchFilter @config/customUserSearchFilter
    krbPrincipalAttribute @config/krbPrincipalAttribute computed
    debug @config/debug :false|true = "false"
    searchScope @- :ONE_LEVEL|SUBTREE = "ONE_LEVEL"
    startTls @config/startTls bool = false
    connectionPooling @config/connectionPooling bool = false
    usePasswordModifyExtendedOp @config/usePasswordModifyExtendedOp bool = false
    validatePasswordPolicy @config/validatePasswordPolicy bool = false
    trustEmail @config/trustEmail bool = false
    useTruststoreSpi @- :ALWAYS|ONLY_FOR_LDAPS|NEVER = "ONLY_FOR_LDAPS"
    connectionTimeout @config/connectionTimeout millis
    readTimeout @config/readTimeout millis
    pagination @config/pagination bool = true
    batchSizeForSync @config/batchSizeForSync int = 1000
    fullSyncPeriod @config/fullSyncPeriod int = -1
    changedSyncPeriod @config/changedSyncPeriod int = -1
    kerberos @. object
        kerberosRealm @config/kerberosRealm one required
        serverPrincipal @config/serverPrincipal one required
        keyTab @config/keyTab one required
        useKerberosForPasswordAuthentication @config/useKerberosForPasswordAuthentication one bool = false
    cache @. object
        policy @config/cachePolicy one :DEFAULT|EVICT_DAILY|EVICT_WEEKLY|MAX_LIFESPAN|NO_CACHE = "DEFAULT"
        maxLifespan @config/maxLifespan one millis
        evictionDay @config/evictionDay one int computed
        evictionHour @config/evictionHour one int computed
        evictionMinute @config/evictionMinute one int computed
    deleteDefaultMappers @- bool new = false
"""
_CUSTOM = """
    parentId new computed
    providerId required new
    enabled @config/enabled bool = true
    priority @config/priority int = 0
    cachePolicy @config/cachePolicy = "DEFAULT"
    fullSyncPeriod @config/fullSyncPeriod int = -1
    changedSyncPeriod @config/changedSyncPeriod int = -1
    config @config map ones
"""
_MEMBERS = """
    membershipLdapAttribute @config/membership.ldap.attribute required
    membershipAttributeType @config/membership.attribute.type :DN|UID = "DN"
    membershipUserLdapAttribute @config/membership.user.ldap.attribute required
    mode @config/mode :READ_ONLY|LDAP_ONLY|IMPORT = "READ_ONLY"
    memberofLdapAttribute @config/memberof.ldap.attribute = "memberOf"
"""
_HARDCODED_ATTRIBUTE = """
    attributeName @config/{name} required new
    attributeValue @config/{value} required new
"""

KINDS: Mapping[str, Kind] = {
    "ldap/userFederation:UserFederation": storage("ldap", _LDAP, LdapUserFederation),
    "index/customUserFederation:CustomUserFederation": storage("", _CUSTOM, UserStorage),
    "ldap/customMapper:CustomMapper": ldap_mapper(
        "", "    providerId required new\n    providerType required new\n    config @config map ones\n"
    ),
    "ldap/fullNameMapper:FullNameMapper": ldap_mapper(
        "full-name-ldap-mapper",
        """
    ldapFullNameAttribute @config/ldap.full.name.attribute required
    readOnly @config/read.only bool = false
    writeOnly @config/write.only bool = false
""",
    ),
    "ldap/groupMapper:GroupMapper": ldap_mapper(
        "group-ldap-mapper",
        _MEMBERS
        + """
    ldapGroupsDn @config/groups.dn required
    groupNameLdapAttribute @config/group.name.ldap.attribute required
    groupObjectClasses @config/group.object.classes list comma required
    preserveGroupInheritance @config/preserve.group.inheritance bool = true
    ignoreMissingGroups @config/ignore.missing.groups bool = false
    groupsLdapFilter @config/groups.ldap.filter
    userRolesRetrieveStrategy @config/user.roles.retrieve.strategy = "LOAD_GROUPS_BY_MEMBER_ATTRIBUTE"
    mappedGroupAttributes @config/mapped.group.attributes list comma
    dropNonExistingGroupsDuringSync @config/drop.non.existing.groups.during.sync bool = false
    groupsPath @config/groups.path computed
""",
    ),
    "ldap/roleMapper:RoleMapper": ldap_mapper(
        "role-ldap-mapper",
        _MEMBERS
        + """
    ldapRolesDn @config/roles.dn required
    roleNameLdapAttribute @config/role.name.ldap.attribute required
    roleObjectClasses @config/role.object.classes list comma required
    rolesLdapFilter @config/roles.ldap.filter
    userRolesRetrieveStrategy @config/user.roles.retrieve.strategy = "LOAD_ROLES_BY_MEMBER_ATTRIBUTE"
    useRealmRolesMapping @config/use.realm.roles.mapping bool = true
    clientId @config/client.id
""",
    ),
    "ldap/hardcodedAttributeMapper:HardcodedAttributeMapper": ldap_mapper(
        "hardcoded-ldap-attribute-mapper",
        _HARDCODED_ATTRIBUTE.format(name="ldap.attribute.name", value="ldap.attribute.value"),
    ),
    "index/hardcodedAttributeMapper:HardcodedAttributeMapper": ldap_mapper(
        "hardcoded-attribute-mapper",
        _HARDCODED_ATTRIBUTE.format(name="user.model.attribute", value="attribute.value"),
    ),
    "ldap/hardcodedGroupMapper:HardcodedGroupMapper": ldap_mapper(
        "hardcoded-ldap-group-mapper", "    group @config/group required new\n"
    ),
    "ldap/hardcodedRoleMapper:HardcodedRoleMapper": ldap_mapper(
        "hardcoded-ldap-role-mapper", "    role @config/role required new\n"
    ),
    "ldap/msadLdsUserAccountControlMapper:MsadLdsUserAccountControlMapper": ldap_mapper(
        "msad-lds-user-account-control-mapper", ""
    ),
    "ldap/msadUserAccountControlMapper:MsadUserAccountControlMapper": ldap_mapper(
        "msad-user-account-control-mapper",
        "    ldapPasswordPolicyHintsEnabled @config/ldap.password.policy.hints.enabled bool = false\n",
    ),
    "ldap/userAttributeMapper:UserAttributeMapper": ldap_mapper(
        "user-attribute-ldap-mapper",
        """
    userModelAttribute @config/user.model.attribute required
    ldapAttribute @config/ldap.attribute required
    readOnly @config/read.only bool = false
    alwaysReadValueFromLdap @config/always.read.value.from.ldap bool = false
    isMandatoryInLdap @config/is.mandatory.in.ldap bool = false
    attributeForceDefault @config/attribute.force.default bool = true
    attributeDefaultValue @config/attribute.default.value = ""
    isBinaryAttribute @config/is.binary.attribute bool = false
""",
    ),
    "index/realmKeystoreAesGenerated:RealmKeystoreAesGenerated": keystore(
        "aes-generated", "\n    secretSize @config/secretSize int = 16\n"
    ),
    "index/realmKeystoreEcdsaGenerated:RealmKeystoreEcdsaGenerated": keystore(
        "ecdsa-generated",
        '\n    ellipticCurveKey @config/ecdsaEllipticCurveKey :P-256|P-384|P-521 = "P-256"\n',
    ),
    "index/realmKeystoreHmacGenerated:RealmKeystoreHmacGenerated": keystore(
        "hmac-generated",
        """
    algorithm @config/algorithm :HS256|HS384|HS512 = "HS256"
    secretSize @config/secretSize int = 64
""",
    ),
    "index/realmKeystoreRsaGenerated:RealmKeystoreRsaGenerated": keystore(
        "rsa-generated",
        '\n    algorithm @config/algorithm = "RS256"\n    keySize @config/keySize int = 2048\n',
    ),
    "index/realmKeystoreRsaEncGenerated:RealmKeystoreRsaEncGenerated": keystore(
        "rsa-enc-generated",
        '\n    algorithm @config/algorithm = "RSA-OAEP"\n    keySize @config/keySize int = 2048\n',
    ),
    "index/realmKeystoreRsa:RealmKeystoreRsa": keystore(
        "",
        """
    algorithm @config/algorithm = "RS256"
    privateKey @config/privateKey sent
    privateKeyWo @config/privateKey wo
    privateKeyWoVersion @-
    certificate @config/certificate
    certificateWo @config/certificate wo
    certificateWoVersion @-
    providerId new = "rsa"
    extraConfig @config extra ones
""",
    ),
    "index/realmKeystoreJavaGenerated:RealmKeystoreJavaGenerated": keystore(
        "java-keystore",
        """
    parentId output
    algorithm @config/algorithm = "RS256"
    keyUse @config/keyUse = "sig"
    keystore @config/keystore required
    keystorePassword @config/keystorePassword sent required
    keyAlias @config/keyAlias required
    keyPassword @config/keyPassword sent required
""",
    ),
    "index/realmClientRegistrationPolicy:RealmClientRegistrationPolicy": registration_policy(
        """
    providerId required new
    subType required new :anonymous|authenticated
    config @config map ones computed
"""
    ),
}
