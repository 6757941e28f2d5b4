"""A support file: the lives of identity providers with their mappers, user federation, and keys."""

from __future__ import annotations

import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.providers.keycloak.cases import Case

R = {"realmId": "{realm}"}
SECRET = {"realm": "{realm}", "clientId": "c", "clientSecret": "s"}
_STORAGE = "org.keycloak.storage.ldap.mappers.LDAPStorageMapper"
DIRECTORY = {
    **R,
    "usernameLdapAttribute": "cn",
    "rdnLdapAttribute": "cn",
    "uuidLdapAttribute": "uid",
    "userObjectClasses": ["person", "top"],
    "connectionUrl": "ldap://x",
    "usersDn": "dc=x",
}
_MEMBERS = {"membershipLdapAttribute": "m", "membershipUserLdapAttribute": "u"}


def _social(name: str, alias: str, wanted: dict[str, Any], change: dict[str, Any]) -> Case:
    token = f"oidc/{name[0].lower()}{name[1:]}IdentityProvider:{name}IdentityProvider"
    return Case(token, {**SECRET, **wanted}, change, "alias", "{realm}/" + alias, ("clientSecret",))


def _mapper(token: str, provider: str, wanted: dict[str, Any], change: dict[str, Any]) -> Case:
    owner = {"realm": "{realm}", "identityProviderAlias": provider, "name": "m"}
    imported = "{realm}/" + provider + "/{id}"
    return Case(f"index/{token}", {**owner, **wanted}, change, "name", imported, ("extraConfig",))


def _ldap(token: str, wanted: dict[str, Any], change: dict[str, Any]) -> Case:
    owner = {**R, "ldapUserFederationId": "{ldap}"}
    return Case(token, {**owner, **wanted}, change, "ldapUserFederationId", "{realm}/{ldap}/{id}")


def _keys(name: str, change: dict[str, Any]) -> Case:
    token = f"index/realmKeystore{name}:RealmKeystore{name}"
    return Case(token, dict(R), change, "realmId", "{realm}/{id}")


def key_pair() -> dict[str, str]:
    """A private key and a certificate, as PEM."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "keys")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=9))
    kind = serialization.PrivateFormat.TraditionalOpenSSL
    plain = serialization.NoEncryption()
    return {
        "privateKey": key.private_bytes(serialization.Encoding.PEM, kind, plain).decode(),
        "certificate": builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode(),
    }


CASES = [
    Case(
        "oidc/identityProvider:IdentityProvider",
        {
            **SECRET,
            "alias": "life",
            "authorizationUrl": "https://a",
            "tokenUrl": "https://t",
            "organizationId": "{org}",
            "orgDomain": "acme.org",
            "extraConfig": {"clientAuthMethod": "client_secret_post"},
        },
        {"displayName": "X", "jwksUrl": "https://j", "extraConfig": {"prompt": "login"}, "organizationId": None},
        "alias",
        "{realm}/{id}",
        ("clientSecret", "extraConfig"),
    ),
    Case(
        "saml/identityProvider:IdentityProvider",
        {
            "realm": "{realm}",
            "alias": "life2",
            "entityId": "e",
            "singleSignOnServiceUrl": "https://a",
            "nameIdPolicyFormat": "Email",
            "authnContextClassRefs": ["a", "b"],
        },
        {
            "validateSignature": True,
            "signatureAlgorithm": "RSA_SHA256",
            "nameIdPolicyFormat": "Persistent",
            "authnContextClassRefs": None,
        },
        "alias",
        "{realm}/{id}",
    ),
    _social("Google", "google", {"alias": "google"}, {"hostedDomain": "x", "clientSecret": "t"}),
    _social("Github", "github", {}, {"enabled": False}),
    _social("Facebook", "facebook", {}, {"trustEmail": True}),
    _social("Microsoft", "microsoft", {"tenantId": "t"}, {"tenantId": "u"}),
    _social("OpenshiftV4", "openshift-v4", {"baseUrl": "https://o"}, {"displayName": "O"}),
    Case(
        "index/kubernetesIdentityProvider:KubernetesIdentityProvider",
        {"realm": "{realm}", "alias": "k8s", "issuer": "https://kubernetes.default"},
        {"displayName": "q"},
        "alias",
    ),
    Case(
        "index/spiffeIdentityProvider:SpiffeIdentityProvider",
        {"realm": "{realm}", "alias": "sp", "trustDomain": "spiffe://x", "bundleEndpoint": "https://x/b"},
        {"displayName": "q"},
        "alias",
    ),
    _mapper(
        "attributeImporterIdentityProviderMapper:AttributeImporterIdentityProviderMapper",
        "oid",
        {"userAttribute": "x", "claimName": "c", "extraConfig": {"syncMode": "INHERIT"}},
        {"claimName": "d", "extraConfig": {"syncMode": "FORCE"}},
    ),
    _mapper(
        "attributeImporterIdentityProviderMapper:AttributeImporterIdentityProviderMapper",
        "facebook2",
        {"userAttribute": "x", "claimName": "c"},
        {"claimName": "d"},
    ),
    _mapper(
        "attributeImporterIdentityProviderMapper:AttributeImporterIdentityProviderMapper",
        "sam",
        {"userAttribute": "x", "attributeName": "c"},
        {"attributeName": "d"},
    ),
    _mapper(
        "attributeToRoleIdentityMapper:AttributeToRoleIdentityMapper",
        "oid",
        {"claimName": "x", "claimValue": "c", "role": "viewer"},
        {"claimName": "d"},
    ),
    _mapper(
        "customIdentityProviderMapping:CustomIdentityProviderMapping",
        "oid",
        {
            "identityProviderMapper": "oidc-user-attribute-idp-mapper",
            "extraConfig": {"claim": "x", "user.attribute": "y"},
        },
        {"extraConfig": {"claim": "z"}},
    ),
    _mapper(
        "hardcodedAttributeIdentityProviderMapper:HardcodedAttributeIdentityProviderMapper",
        "oid",
        {"attributeName": "a", "attributeValue": "v", "userSession": True},
        {"attributeValue": "w"},
    ),
    _mapper("hardcodedGroupIdentityProviderMapper:HardcodedGroupIdentityProviderMapper", "oid", {"group": "/g"}, {}),
    _mapper("hardcodedRoleIdentityMapper:HardcodedRoleIdentityMapper", "oid", {"role": "viewer"}, {}),
    _mapper(
        "userTemplateImporterIdentityProviderMapper:UserTemplateImporterIdentityProviderMapper",
        "oid",
        {"template": "${ALIAS}"},
        {"template": "x"},
    ),
    Case(
        "ldap/userFederation:UserFederation",
        {
            **DIRECTORY,
            "bindDn": "cn=a",
            "bindCredential": "pw",
            "connectionTimeout": "5s",
            "kerberos": {"kerberosRealm": "R", "serverPrincipal": "p", "keyTab": "/k"},
            "cache": {"policy": "MAX_LIFESPAN", "maxLifespan": "10m"},
            "deleteDefaultMappers": True,
        },
        {
            "vendor": "AD",
            "kerberos": None,
            "cache": None,
            "connectionTimeout": None,
            "searchScope": "SUBTREE",
            "userObjectClasses": ["person"],
        },
        "realmId",
        "{realm}/{id}",
        ("bindCredential", "deleteDefaultMappers"),
    ),
    Case(
        "index/customUserFederation:CustomUserFederation",
        {
            **R,
            "providerId": "ldap",
            "config": {
                "editMode": "READ_ONLY",
                "usernameLDAPAttribute": "cn",
                "rdnLDAPAttribute": "cn",
                "uuidLDAPAttribute": "u",
                "userObjectClasses": "a",
                "connectionUrl": "ldap://x",
                "usersDn": "dc=x",
                "vendor": "other",
                "searchScope": "1",
                "authType": "none",
            },
        },
        {"priority": 3},
        "providerId",
        "{realm}/{id}",
    ),
    _ldap(
        "ldap/customMapper:CustomMapper",
        {
            "providerId": "hardcoded-ldap-attribute-mapper",
            "providerType": _STORAGE,
            "config": {"ldap.attribute.name": "a", "ldap.attribute.value": "b"},
        },
        {"config": {"ldap.attribute.name": "a", "ldap.attribute.value": "c"}},
    ),
    _ldap(
        "ldap/fullNameMapper:FullNameMapper",
        {"ldapFullNameAttribute": "cn", "readOnly": True},
        {"ldapFullNameAttribute": "sn"},
    ),
    _ldap(
        "ldap/groupMapper:GroupMapper",
        {"ldapGroupsDn": "d", "groupNameLdapAttribute": "cn", "groupObjectClasses": ["g", "h"], **_MEMBERS},
        {"groupsLdapFilter": "(a=b)", "mappedGroupAttributes": ["x"], "preserveGroupInheritance": False},
    ),
    _ldap(
        "ldap/roleMapper:RoleMapper",
        {"ldapRolesDn": "d", "roleNameLdapAttribute": "cn", "roleObjectClasses": ["g", "h"], **_MEMBERS},
        {"rolesLdapFilter": "(a=b)"},
    ),
    _ldap(
        "ldap/hardcodedAttributeMapper:HardcodedAttributeMapper",
        {"attributeName": "d", "attributeValue": "cn"},
        {"name": "q"},
    ),
    _ldap(
        "index/hardcodedAttributeMapper:HardcodedAttributeMapper",
        {"attributeName": "d", "attributeValue": "cn"},
        {"name": "q"},
    ),
    _ldap("ldap/hardcodedGroupMapper:HardcodedGroupMapper", {"group": "g"}, {"name": "q"}),
    _ldap("ldap/hardcodedRoleMapper:HardcodedRoleMapper", {"role": "viewer"}, {"name": "q"}),
    _ldap("ldap/msadLdsUserAccountControlMapper:MsadLdsUserAccountControlMapper", {}, {"name": "q"}),
    _ldap(
        "ldap/msadUserAccountControlMapper:MsadUserAccountControlMapper",
        {},
        {"ldapPasswordPolicyHintsEnabled": True},
    ),
    _ldap(
        "ldap/userAttributeMapper:UserAttributeMapper",
        {"userModelAttribute": "a", "ldapAttribute": "b"},
        {"readOnly": True},
    ),
    _keys("AesGenerated", {"priority": 5}),
    _keys("EcdsaGenerated", {"ellipticCurveKey": "P-384"}),
    _keys("HmacGenerated", {"algorithm": "HS512"}),
    _keys("RsaGenerated", {"active": False}),
    _keys("RsaEncGenerated", {"active": False}),
    Case(
        "index/realmKeystoreRsa:RealmKeystoreRsa",
        {**R, "privateKey": "{privateKey}", "certificate": "{certificate}"},
        {"priority": 7},
        "providerId",
        "{realm}/{id}",
        ("privateKey",),
    ),
    Case(
        "index/realmKeystoreJavaGenerated:RealmKeystoreJavaGenerated",
        {**R, "keystore": "{keystore}", "keystorePassword": "secret1", "keyAlias": "a", "keyPassword": "secret1"},
        {"priority": 7},
        "realmId",
        "{realm}/{id}",
        ("keystorePassword", "keyPassword"),
    ),
    Case(
        "index/realmClientRegistrationPolicy:RealmClientRegistrationPolicy",
        {
            **R,
            "name": "few",
            "providerId": "max-clients",
            "subType": "anonymous",
            "config": {"max-clients": "10"},
        },
        {"config": {"max-clients": "11"}},
        "subType=authenticated",
        "{realm}/few/max-clients/anonymous",
    ),
]
