"""Resources, scopes, policies and permissions of resource servers."""

from __future__ import annotations

from collections.abc import Mapping

from providers.keycloak.field import table
from providers.keycloak.kind import Kind
from providers.keycloak.kinds.authorization import SERVER, GenericPolicy, JsPolicy, Permission, Policy, Resource
from providers.keycloak.rest import Rest

_OWNER = """
    resourceServerId @- required new
    realmId @- required new
    name required
"""
_POLICY = (
    _OWNER
    + """
    description
    decisionStrategy :UNANIMOUS|AFFIRMATIVE|CONSENSUS {strategy}
    logic :POSITIVE|NEGATIVE computed
"""
)
_IMPORTS = ("realmId", "resourceServerId", "id")


def _policy(of: str, text: str, *, required: bool = True, extra: str = "") -> Policy:
    head = _POLICY.format(strategy="required" if required else "computed")
    return Policy(
        fields=table(head + extra + text),
        imports=_IMPORTS,
        collection=f"{SERVER}/policy/{of}",
        constants={"type": of},
    )


KINDS: Mapping[str, Kind] = {
    "openid/clientAuthorizationResource:ClientAuthorizationResource": Resource(
        fields=table(
            _OWNER
            + """
    displayName
    uris set
    iconUri @icon_uri
    ownerManagedAccess bool = false
    scopes @- set
    type
    attributes map multi
"""
        ),
        imports=_IMPORTS,
    ),
    "openid/clientAuthorizationScope:ClientAuthorizationScope": Rest(
        fields=table(_OWNER + "    displayName\n    iconUri\n"),
        imports=_IMPORTS,
        collection=f"{SERVER}/scope",
    ),
    "openid/clientAuthorizationPermission:ClientAuthorizationPermission": Permission(
        fields=table(
            _OWNER
            + """
    description
    decisionStrategy :UNANIMOUS|AFFIRMATIVE|CONSENSUS = "UNANIMOUS"
    policies set
    resources set
    resourceType
    scopes set
    type :resource|scope = "resource"
"""
        ),
        imports=_IMPORTS,
    ),
    "openid/clientAggregatePolicy:ClientAggregatePolicy": _policy("aggregate", "    policies set required\n"),
    "openid/clientPolicy:ClientPolicy": _policy("client", "    clients set required\n", required=False),
    "openid/clientUserPolicy:ClientUserPolicy": _policy("user", "    users set required\n"),
    "openid/clientRegexPolicy:ClientRegexPolicy": _policy(
        "regex", "    targetClaim required\n    pattern required\n    targetContextAttributes bool\n"
    ),
    "openid/clientAuthorizationClientScopePolicy:ClientAuthorizationClientScopePolicy": _policy(
        "client-scope",
        """
    decisionStrategy = "UNANIMOUS"
    logic = "POSITIVE"
    scopes @clientScopes objectset required
        id required
        required bool = false
""",
    ),
    "openid/clientGroupPolicy:ClientGroupPolicy": _policy(
        "group",
        """
    groupsClaim
    groups objects required
        id required
        path sent required
        extendChildren bool required
""",
    ),
    "openid/clientRolePolicy:ClientRolePolicy": _policy(
        "role",
        """
    type required
    fetchRoles bool
    roles objectset required
        id required
        required bool required
""",
        required=False,
    ),
    "openid/clientTimePolicy:ClientTimePolicy": _policy(
        "time",
        "    notBefore\n    notOnOrAfter\n"
        + "".join(f"    {part}\n    {part}End\n" for part in ("dayMonth", "month", "year", "hour", "minute")),
    ),
    "openid/clientJsPolicy:ClientJsPolicy": JsPolicy(
        fields=table(_POLICY.format(strategy="required") + "    type @- computed\n    code @type required\n"),
        imports=_IMPORTS,
        collection=f"{SERVER}/policy",
    ),
    "index/genericClientAuthorizationPolicy:GenericClientAuthorizationPolicy": GenericPolicy(
        fields=table(_POLICY.format(strategy="required") + "    type required new\n    config map\n"),
        imports=_IMPORTS,
    ),
}
