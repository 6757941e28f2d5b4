"""Identity providers and their mappers."""

from __future__ import annotations

from collections.abc import Mapping

from engine.values import Props
from providers.keycloak.errors import KeycloakError
from providers.keycloak.kind import Kind
from providers.keycloak.kinds.identity_provider import (
    SamlIdentityProvider,
    identity_provider,
    identity_provider_mapper,
)

_CLIENT = """
    clientId @config/clientId required
    clientSecret @config/clientSecret sent required
    hideOnLoginPage @hideOnLogin bool = false
"""
_PROMPT = """
    acceptsPromptNoneForwardFromClient @config/acceptsPromptNoneForwardFromClient bool quoted = false
    disableUserInfo @config/disableUserInfo bool quoted = false
"""
_HIDDEN = "    hideOnLoginPage @hideOnLogin bool output\n"
_OIDC = """
    displayName computed
    backchannelSupported @config/backchannelSupported bool quoted = true
    validateSignature @config/validateSignature bool quoted = false
    authorizationUrl @config/authorizationUrl required
    clientId @config/clientId required
    clientSecret @config/clientSecret sent
    clientSecretWo @config/clientSecret wo
    clientSecretWoVersion @-
    userInfoUrl @config/userInfoUrl
    jwksUrl @config/jwksUrl
    hideOnLoginPage @hideOnLogin bool = false
    tokenUrl @config/tokenUrl required
    logoutUrl @config/logoutUrl
    loginHint @config/loginHint
    uiLocales @config/uiLocales bool quoted = false
    defaultScopes @config/defaultScope = "openid"
    issuer @config/issuer
    disableTypeClaimCheck @config/disableTypeClaimCheck bool quoted = false
"""
_SAML = """
    backchannelSupported @config/backchannelSupported bool quoted
    validateSignature @config/validateSignature bool quoted
    hideOnLoginPage @hideOnLogin bool
    nameIdPolicyFormat @config/nameIDPolicyFormat = ""
    singleLogoutServiceUrl @config/singleLogoutServiceUrl
    entityId @config/entityId required
    singleSignOnServiceUrl @config/singleSignOnServiceUrl required
    signingCertificate @config/signingCertificate
    signatureAlgorithm @config/signatureAlgorithm = ""
    xmlSignKeyInfoKeyNameTransformer @config/xmlSigKeyInfoKeyNameTransformer = ""
    postBindingAuthnRequest @config/postBindingAuthnRequest bool quoted
    postBindingResponse @config/postBindingResponse bool quoted
    postBindingLogout @config/postBindingLogout bool quoted
    forceAuthn @config/forceAuthn bool quoted
    loginHint @config/loginHint
    wantAssertionsSigned @config/wantAssertionsSigned bool quoted
    wantAssertionsEncrypted @config/wantAssertionsEncrypted bool quoted
    wantAuthnRequestsSigned @config/wantAuthnRequestsSigned bool quoted computed
    principalType @config/principalType = ""
    principalAttribute @config/principalAttribute = ""
    authnContextClassRefs @config/authnContextClassRefs list texts
    authnContextDeclRefs @config/authnContextDeclRefs list texts
    authnContextComparisonType @config/authnContextComparisonType
"""
_SOCIAL = ("apple", "facebook", "google", "github", "microsoft")


def _importer(provider: str, props: Props) -> str:
    if provider in _SOCIAL:
        return f"{provider}-user-attribute-mapper"
    _known(provider, "attributeImporterIdentityProviderMapper")
    if provider == "saml" and not (props.get("attributeFriendlyName") or props.get("attributeName")):
        raise KeycloakError("a SAML provider's attribute importer needs attributeName or attributeFriendlyName")
    if provider == "oidc" and not props.get("claimName"):
        raise KeycloakError("an OpenID Connect provider's attribute importer needs claimName")
    return f"{provider}-user-attribute-idp-mapper"


def _to_role(provider: str, props: Props) -> str:
    _known(provider, "attributeToRoleIdentityMapper")
    needed = ("attributeValue",) if provider == "saml" else ("claimName", "claimValue")
    missing = [name for name in needed if not props.get(name)]
    if missing:
        raise KeycloakError(f"a mapper of an attribute to a role needs {' and '.join(missing)} for {provider}")
    return f"{provider}-role-idp-mapper"


def _known(provider: str, kind: str) -> None:
    if provider not in ("saml", "oidc"):
        raise KeycloakError(f"{kind} knows no providers of class '{provider}'; use customIdentityProviderMapping")


def _template(provider: str, props: Props) -> str:
    del props
    return f"{'oidc' if provider in ('facebook', 'google', 'keycloak-oidc') else provider}-username-idp-mapper"


def _hardcoded(provider: str, props: Props) -> str:
    del provider
    return f"hardcoded-{'user-session-' if props['userSession'] else ''}attribute-idp-mapper"


KINDS: Mapping[str, Kind] = {
    "oidc/identityProvider:IdentityProvider": identity_provider(_OIDC + _PROMPT, provider="oidc", schema_version=1),
    "oidc/facebookIdentityProvider:FacebookIdentityProvider": identity_provider(
        """
    fetchedFields @config/fetchedFields
    defaultScopes @config/defaultScope = "openid profile email"
"""
        + _CLIENT
        + _PROMPT,
        provider="facebook",
        alias="facebook",
    ),
    "oidc/githubIdentityProvider:GithubIdentityProvider": identity_provider(
        """
    baseUrl @config/baseUrl = "https://github.com"
    apiUrl @config/apiUrl = "https://api.github.com"
    githubJsonFormat @config/githubJsonFormat bool quoted = false
    defaultScopes @config/defaultScope = "user:email"
"""
        + _CLIENT,
        provider="github",
        alias="github",
    ),
    "oidc/googleIdentityProvider:GoogleIdentityProvider": identity_provider(
        """
    hostedDomain @config/hostedDomain
    useUserIpParam @config/userIp bool quoted = false
    requestRefreshToken @config/offlineAccess bool quoted = false
    defaultScopes @config/defaultScope = "openid profile email"
    loginHint @config/loginHint
"""
        + _CLIENT
        + _PROMPT,
        provider="google",
        alias="google",
    ),
    "oidc/microsoftIdentityProvider:MicrosoftIdentityProvider": identity_provider(
        """
    tenantId @config/tenantId = ""
    prompt @config/prompt = ""
    defaultScopes @config/defaultScope = "openid profile email"
"""
        + _CLIENT
        + _PROMPT,
        provider="microsoft",
        alias="microsoft",
    ),
    "oidc/openshiftV4IdentityProvider:OpenshiftV4IdentityProvider": identity_provider(
        """
    baseUrl @config/baseUrl required
    defaultScopes @config/defaultScope = "user:full"
"""
        + _CLIENT,
        provider="openshift-v4",
        alias="openshift-v4",
    ),
    "saml/identityProvider:IdentityProvider": identity_provider(_SAML, provider="saml", of=SamlIdentityProvider),
    "index/kubernetesIdentityProvider:KubernetesIdentityProvider": identity_provider(
        "    issuer @config/issuer required\n" + _HIDDEN, provider="kubernetes", hidden=True
    ),
    "index/spiffeIdentityProvider:SpiffeIdentityProvider": identity_provider(
        "    trustDomain @config/trustDomain required\n    bundleEndpoint @config/bundleEndpoint required\n" + _HIDDEN,
        provider="spiffe",
        hidden=True,
    ),
    "index/attributeImporterIdentityProviderMapper:AttributeImporterIdentityProviderMapper": identity_provider_mapper(
        """
    userAttribute @config/user.attribute required
    attributeName @config/attribute.name
    attributeFriendlyName @config/attribute.friendly.name
    claimName @config/claim
""",
        _importer,
    ),
    "index/attributeToRoleIdentityMapper:AttributeToRoleIdentityMapper": identity_provider_mapper(
        """
    attributeName @config/attribute.name
    attributeValue @config/attribute.value
    attributeFriendlyName @config/attribute.friendly.name
    claimName @config/claim
    claimValue @config/claim.value
    role @config/role required
""",
        _to_role,
    ),
    "index/customIdentityProviderMapping:CustomIdentityProviderMapping": identity_provider_mapper(
        "    identityProviderMapper required\n",
        lambda provider, props: str(props["identityProviderMapper"]).replace("%s", provider),
    ),
    "index/hardcodedAttributeIdentityProviderMapper:HardcodedAttributeIdentityProviderMapper": identity_provider_mapper(
        """
    attributeName @config/attribute
    attributeValue @config/attribute.value
    userSession @- bool required new
""",
        _hardcoded,
    ),
    "index/hardcodedGroupIdentityProviderMapper:HardcodedGroupIdentityProviderMapper": identity_provider_mapper(
        "    group @config/group\n", "oidc-hardcoded-group-idp-mapper"
    ),
    "index/hardcodedRoleIdentityMapper:HardcodedRoleIdentityMapper": identity_provider_mapper(
        "    role @config/role\n", "oidc-hardcoded-role-idp-mapper"
    ),
    "index/userTemplateImporterIdentityProviderMapper:UserTemplateImporterIdentityProviderMapper": (
        identity_provider_mapper("    template @config/template\n", _template)
    ),
}
