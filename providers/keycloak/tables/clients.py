"""Clients and client scopes."""

from __future__ import annotations

from collections.abc import Mapping

from providers.keycloak.field import table
from providers.keycloak.kind import Kind
from providers.keycloak.kinds.client import OpenidClient, SamlClient
from providers.keycloak.rest import Rest

_SHARED = """
    clientId required
    realmId @- required new
    name kept
    enabled bool = true
    description kept
    fullScopeAllowed bool = true
    alwaysDisplayInConsole bool = false
    consentRequired bool computed
    loginTheme @attributes/login_theme kept
    extraConfig @attributes extra
    authenticationFlowBindingOverrides object
        browserId @browser
        directGrantId @direct_grant
"""
_OPENID = """
    accessType @- required :CONFIDENTIAL|PUBLIC|BEARER-ONLY
    clientSecret @secret computed
    clientSecretWo @secret wo
    clientSecretWoVersion @-
    clientSecretRegenerateWhenChanged @- map
    clientAuthenticatorType = "client-secret"
    standardFlowEnabled bool computed
    implicitFlowEnabled bool computed
    directAccessGrantsEnabled bool computed
    serviceAccountsEnabled bool computed
    frontchannelLogoutEnabled @frontchannelLogout bool computed
    validRedirectUris @redirectUris set computed
    validPostLogoutRedirectUris @attributes/post.logout.redirect.uris set hash computed
    webOrigins set computed
    rootUrl kept
    adminUrl kept
    baseUrl kept
    serviceAccountUserId @- output
    resourceServerId @- output
    pkceCodeChallengeMethod @attributes/pkce.code.challenge.method
    requireDpopBoundTokens @attributes/dpop.bound.access.tokens bool quoted computed
    accessTokenLifespan @attributes/access.token.lifespan computed
    clientOfflineSessionIdleTimeout @attributes/client.offline.session.idle.timeout computed
    clientOfflineSessionMaxLifespan @attributes/client.offline.session.max.lifespan computed
    clientSessionIdleTimeout @attributes/client.session.idle.timeout computed
    clientSessionMaxLifespan @attributes/client.session.max.lifespan computed
    excludeSessionStateFromAuthResponse @attributes/exclude.session.state.from.auth.response bool quoted computed
    excludeIssuerFromAuthResponse @attributes/exclude.issuer.from.auth.response bool quoted computed
    displayOnConsentScreen @attributes/display.on.consent.screen bool quoted computed
    consentScreenText @attributes/consent.screen.text kept
    useRefreshTokens @attributes/use.refresh.tokens bool quoted = true
    useRefreshTokensClientCredentials @attributes/client_credentials.use_refresh_token bool quoted = false
    standardTokenExchangeEnabled @attributes/standard.token.exchange.enabled bool quoted = false
    allowRefreshTokenInStandardTokenExchange @attributes/standard.token.exchange.enableRefreshRequestedTokenType
    frontchannelLogoutUrl @attributes/frontchannel.logout.url kept
    backchannelLogoutUrl @attributes/backchannel.logout.url kept
    backchannelLogoutSessionRequired @attributes/backchannel.logout.session.required bool quoted = true
    backchannelLogoutRevokeOfflineSessions @attributes/backchannel.logout.revoke.offline.tokens bool quoted
    oauth2DeviceAuthorizationGrantEnabled @attributes/oauth2.device.authorization.grant.enabled bool quoted = false
    oauth2DeviceCodeLifespan @attributes/oauth2.device.code.lifespan
    oauth2DevicePollingInterval @attributes/oauth2.device.polling.interval
    oauth2JwtAuthorizationGrantEnabled @attributes/oauth2.jwt.authorization.grant.enabled bool quoted = false
    oauth2JwtAuthorizationGrantIdp @attributes/oauth2.jwt.authorization.grant.idp
    import @- bool new = false
    authorization @authorizationSettings object
        policyEnforcementMode required :ENFORCING|PERMISSIVE|DISABLED
        decisionStrategy :UNANIMOUS|AFFIRMATIVE|CONSENSUS = "UNANIMOUS"
        allowRemoteResourceManagement bool = false
        keepDefaults @- bool = false
"""
_SAML = """
    includeAuthnStatement @attributes/saml.authnstatement bool quoted = true
    signDocuments @attributes/saml.server.signature bool quoted = true
    signAssertions @attributes/saml.assertion.signature bool quoted = false
    encryptAssertions @attributes/saml.encrypt bool quoted = false
    encryptionAlgorithm @attributes/saml.encryption.algorithm
    encryptionKeyAlgorithm @attributes/saml.encryption.keyAlgorithm computed
    encryptionDigestMethod @attributes/saml.encryption.digestMethod computed
    encryptionMaskGenerationFunction @attributes/saml.encryption.maskGenerationFunction computed
    clientSignatureRequired @attributes/saml.client.signature bool quoted = true
    forcePostBinding @attributes/saml.force.post.binding bool quoted = true
    frontChannelLogout @frontchannelLogout bool = true
    forceNameIdFormat @attributes/saml_force_name_id_format bool quoted = false
    signatureAlgorithm @attributes/saml.signature.algorithm computed
    signatureKeyName @attributes/saml.server.signature.keyinfo.xmlSigKeyInfoKeyNameTransformer = "KEY_ID"
    canonicalizationMethod @attributes/saml_signature_canonicalization_method = "EXCLUSIVE"
    nameIdFormat @attributes/saml_name_id_format computed
    rootUrl
    validRedirectUris @redirectUris set
    baseUrl
    masterSamlProcessingUrl @adminUrl
    encryptionCertificate @attributes/saml.encryption.certificate computed
    signingCertificate @attributes/saml.signing.certificate computed
    signingPrivateKey @attributes/saml.signing.private.key computed
    encryptionCertificateSha1 @- output
    signingCertificateSha1 @- output
    signingPrivateKeySha1 @- output
    idpInitiatedSsoUrlName @attributes/saml_idp_initiated_sso_url_name kept
    idpInitiatedSsoRelayState @attributes/saml_idp_initiated_sso_relay_state kept
    assertionConsumerPostUrl @attributes/saml_assertion_consumer_url_post kept
    assertionConsumerRedirectUrl @attributes/saml_assertion_consumer_url_redirect kept
    logoutServicePostBindingUrl @attributes/saml_single_logout_service_url_post kept
    logoutServiceRedirectBindingUrl @attributes/saml_single_logout_service_url_redirect kept
"""
_SCOPE = """
    realmId @- required new
    name required
    description kept
    consentScreenText @attributes/consent.screen.text
    guiOrder @attributes/gui.order int quoted
    extraConfig @attributes extra
"""
_OPENID_SCOPE = """
    includeInTokenScope @attributes/include.in.token.scope bool quoted = true
    includeInOpenidProviderMetadata @attributes/include.in.openid.provider.metadata bool quoted = true
"""


def _scope(protocol: str, text: str) -> Rest:
    return Rest(
        fields=table(text),
        imports=("realmId", "id"),
        collection="realms/{realmId}/client-scopes",
        constants={"protocol": protocol},
    )


KINDS: Mapping[str, Kind] = {
    "openid/client:Client": OpenidClient(
        fields=table(_SHARED + _OPENID),
        imports=("realmId", "id"),
        constants={"protocol": "openid-connect"},
        schema_version=1,
    ),
    "saml/client:Client": SamlClient(
        fields=table(_SHARED + _SAML),
        imports=("realmId", "id"),
        constants={"protocol": "saml", "clientAuthenticatorType": "client-secret"},
    ),
    "openid/clientScope:ClientScope": _scope("openid-connect", _SCOPE + _OPENID_SCOPE),
    "saml/clientScope:ClientScope": _scope("saml", _SCOPE),
}
