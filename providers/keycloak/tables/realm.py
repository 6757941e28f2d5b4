"""Realms."""

from __future__ import annotations

from collections.abc import Mapping

from providers.keycloak.field import table
from providers.keycloak.kind import Kind
from providers.keycloak.kinds.realm import Realm

_GENERAL = """
    realm required new
    internalId @id new computed
    enabled bool = true
    displayName kept
    displayNameHtml kept
    userManagedAccess @userManagedAccessAllowed bool = false
    organizationsEnabled bool = false
    adminPermissionsEnabled bool
    terraformDeletionProtection @- bool = false
    registrationAllowed bool computed
    registrationEmailAsUsername bool computed
    editUsernameAllowed bool computed
    resetPasswordAllowed bool computed
    rememberMe bool computed
    verifyEmail bool computed
    loginWithEmailAllowed bool computed
    duplicateEmailsAllowed bool computed
    sslRequired = "external"
    loginTheme
    accountTheme
    adminTheme
    emailTheme
    defaultSignatureAlgorithm
    passwordPolicy
    attributes extra
    defaultDefaultClientScopes @- set
    defaultOptionalClientScopes @- set
    browserFlow computed
    registrationFlow computed
    directGrantFlow computed
    resetCredentialsFlow computed
    clientAuthenticationFlow computed
    dockerAuthenticationFlow computed
    firstBrokerLoginFlow computed
    internationalization @. object
        supportedLocales set required
        defaultLocale required
"""
_TIMES = """
    revokeRefreshToken bool = false
    refreshTokenMaxReuse int = 0
    ssoSessionIdleTimeout computed duration
    ssoSessionIdleTimeoutRememberMe computed duration
    ssoSessionMaxLifespan computed duration
    ssoSessionMaxLifespanRememberMe computed duration
    offlineSessionIdleTimeout computed duration
    offlineSessionMaxLifespan computed duration
    offlineSessionMaxLifespanEnabled bool = false
    clientSessionIdleTimeout computed duration
    clientSessionMaxLifespan computed duration
    accessTokenLifespan computed duration
    accessTokenLifespanForImplicitFlow computed duration
    accessCodeLifespan computed duration
    accessCodeLifespanLogin computed duration
    accessCodeLifespanUserAction computed duration
    actionTokenGeneratedByUserLifespan computed duration
    actionTokenGeneratedByAdminLifespan computed duration
    oauth2DeviceCodeLifespan computed duration
    oauth2DevicePollingInterval int computed
"""
_MAIL = """
    smtpServer object
        starttls bool quoted
        port
        host required
        replyTo
        replyToDisplayName
        from required
        fromDisplayName
        envelopeFrom
        ssl bool quoted
        allowUtf8 @allowutf8 bool quoted
        auth @. object
            username @user required
            password sent required
        tokenAuth @. object
            username @user required
            url @authTokenUrl required
            clientId @authTokenClientId required
            clientSecret @authTokenClientSecret sent required
            scope @authTokenScope required
"""
_DEFENSES = """
    securityDefenses @. object
        headers @browserSecurityHeaders object
            xFrameOptions = "SAMEORIGIN"
            contentSecurityPolicy = "frame-src 'self'; frame-ancestors 'self'; object-src 'none';"
            contentSecurityPolicyReportOnly = ""
            xContentTypeOptions = "nosniff"
            xRobotsTag = "none"
            xXssProtection @xXSSProtection = "1; mode=block"
            strictTransportSecurity = "max-age=31536000; includeSubDomains"
            referrerPolicy = "no-referrer"
        bruteForceDetection @. object
            permanentLockout bool = false
            bruteForceStrategy :LINEAR|MULTIPLE = "MULTIPLE"
            maxTemporaryLockouts int = 0
            maxLoginFailures @failureFactor int = 30
            maxSecondaryAuthFailures int computed
            waitIncrementSeconds int = 60
            quickLoginCheckMilliSeconds int = 1000
            minimumQuickLoginWaitSeconds int = 60
            maxFailureWaitSeconds int = 900
            failureResetTimeSeconds @maxDeltaTimeSeconds int = 43200
"""
_OTP = """
    otpPolicy @. object computed
        type @otpPolicyType :totp|hotp = "totp"
        algorithm @otpPolicyAlgorithm :HmacSHA1|HmacSHA256|HmacSHA512 = "HmacSHA1"
        digits @otpPolicyDigits int = 6
        initialCounter @otpPolicyInitialCounter int = 2
        lookAheadWindow @otpPolicyLookAheadWindow int = 1
        period @otpPolicyPeriod int = 30
        codeReusable @otpPolicyCodeReusable bool = false
"""
_WEBAUTHN = """
    webAuthn{kind}Policy @. object computed
        acceptableAaguids @webAuthnPolicy{kind}AcceptableAaguids set
        extraOrigins @webAuthnPolicy{kind}ExtraOrigins set
        attestationConveyancePreference @webAuthnPolicy{kind}AttestationConveyancePreference = "not specified"
        authenticatorAttachment @webAuthnPolicy{kind}AuthenticatorAttachment = "not specified"
        avoidSameAuthenticatorRegister @webAuthnPolicy{kind}AvoidSameAuthenticatorRegister bool = false
        createTimeout @webAuthnPolicy{kind}CreateTimeout int = 0
        requireResidentKey @webAuthnPolicy{kind}RequireResidentKey :not~specified|Yes|No computed
        discoverableCredential @webAuthnPolicy{kind}ResidentKey computed
        relyingPartyEntityName @webAuthnPolicy{kind}RpEntityName = "keycloak"
        relyingPartyId @webAuthnPolicy{kind}RpId = ""
        signatureAlgorithms @webAuthnPolicy{kind}SignatureAlgorithms set computed
        userVerificationRequirement @webAuthnPolicy{kind}UserVerificationRequirement = "not specified"
"""
_PASSKEYS = "        passwordlessPasskeysEnabled @webAuthnPolicyPasswordlessPasskeysEnabled bool computed\n"

TEXT = (
    _GENERAL
    + _TIMES
    + _MAIL
    + _DEFENSES
    + _OTP
    + _WEBAUTHN.format(kind="")
    + _WEBAUTHN.format(kind="Passwordless")
    + _PASSKEYS
)

KINDS: Mapping[str, Kind] = {"index/realm:Realm": Realm(fields=table(TEXT), imports=("id",))}
