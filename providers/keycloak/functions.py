"""What programs may ask of a Keycloak server: things that exist already, found by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.provider_api import InvokeReply, InvokeRequest
from engine.values import Props, Secret
from providers.keycloak import tables
from providers.keycloak.api import Api, path
from providers.keycloak.body import Json
from providers.keycloak.errors import KeycloakError
from providers.keycloak.kind import Found
from providers.keycloak.kinds.people import find_user
from providers.keycloak.spelling import value_of
from providers.plain import reveal

Function = Callable[[Api, InvokeRequest], InvokeReply]
_SECRETS = ("clientSecret", "signingPrivateKey", "secret", "registrationAccessToken")
_LISTED = {
    "authorization": "authorizations",
    "smtpServer": "smtpServers",
    "internationalization": "internationalizations",
    "schedule": "schedules",
    "securityDefenses": "securityDefenses",
    "authenticationFlowBindingOverrides": "authenticationFlowBindingOverrides",
    "auth": "auths",
    "tokenAuth": "tokenAuths",
    "bruteForceDetection": "bruteForceDetections",
    "headers": "headers",
}


def _function(ask: Callable[[Api, Props], Found]) -> Function:
    def call(api: Api, request: InvokeRequest) -> InvokeReply:
        args = {key: value for key, value in reveal(request.args).items() if value is not None}
        found = {**args, **ask(api, args)}
        return InvokeReply(result={key: _hidden(key, value) for key, value in found.items()})

    return call


def _hidden(key: str, value: Any) -> Any:
    if key == "smtpServers":
        return Secret(value)
    return Secret(value) if key in _SECRETS and value else value


def _thing(token: str, find: Callable[[Api, Props], str | None], name: str = "name") -> Function:
    """A thing of a kind, with the properties that the resource has."""

    def ask(api: Api, args: Props) -> Found:
        kind = tables.kinds()[token]
        identity = find(api, args)
        told = kind.fetch(api, identity, _prior(token, args)) if identity else None
        if told is None:
            realm = args.get("realmId") or args.get("realm")
            what = token.rpartition(":")[2]
            raise KeycloakError(f"realm '{realm}' has no {what} '{args.get(name, args.get('id'))}'")
        return {"id": identity, **_as_lists(told)}

    return _function(ask)


def _prior(token: str, args: Props) -> Found:
    """What a resource would know of the thing; parts that are only told where they were given are asked for."""
    if token.endswith(":Realm"):
        return {"securityDefenses": {"headers": {}, "bruteForceDetection": {}}, **args}
    return {key: value for key, value in args.items() if key not in ("id", "name", "description")}


def _as_lists(value: Any) -> Any:
    """Functions have lists of one where resources have an object."""
    if isinstance(value, Mapping):
        return {
            _LISTED.get(key, key): [_as_lists(item)]
            if key in _LISTED and isinstance(item, Mapping)
            else _as_lists(item)
            for key, item in value.items()
        }
    return [_as_lists(item) for item in value] if isinstance(value, list) else value


def _named(where: str, key: str, *, of: str = "", arg: str = "") -> Callable[[Api, Props], str | None]:
    """By a key in a list; `of` is a second key with its value, as `protocol=saml`."""
    other, _, wanted = of.partition("=")

    def find(api: Api, args: Props) -> str | None:
        found = api.find(path(where, args)) or []
        good = [one for one in found if one.get(key) == args[arg or key] and (not of or one.get(other) == wanted)]
        return str(good[0].get("id") or good[0].get("_id")) if good else None

    return find


def _group(api: Api, args: Props) -> str | None:
    if args.get("groupPath"):
        found = api.find(path("realms/{realmId}/group-by-path/", args) + str(args["groupPath"]).lstrip("/"))
        return str(found["id"]) if found else None
    if not args.get("name"):
        raise KeycloakError("getGroup needs name or groupPath")
    owner = path("realms/{realmId}" + ("/organizations/{organizationId}" if args.get("organizationId") else ""), args)
    pending = list(api.get(f"{owner}/groups", search=args["name"], exact="true", populateHierarchy="true"))
    while pending:
        one = pending.pop(0)
        if one["name"] == args["name"]:
            return str(one["id"])
        pending += one.get("subGroups") or []
    return None


def _realm(api: Api, args: Props) -> str | None:
    del api
    return str(args["realm"])


def _role(api: Api, args: Props) -> str | None:
    owner = "realms/{realmId}/clients/{clientId}" if args.get("clientId") else "realms/{realmId}"
    found = api.find(path(owner + "/roles/{name}", args))
    return str(found["id"]) if found else None


def _user(api: Api, args: Props) -> str | None:
    found = find_user(api, str(args["realmId"]), str(args["username"]))
    return str(found["id"]) if found else None


def _mapper(api: Api, args: Props) -> str | None:
    owner = "client-scopes/{clientScopeId}" if args.get("clientScopeId") else "clients/{clientId}"
    return _named(f"realms/{{realmId}}/{owner}/protocol-mappers/models", "name")(api, args)


def _subflow(api: Api, args: Props) -> str | None:
    steps = api.find(path("realms/{realmId}/authentication/flows/{parentFlowAlias}/executions", args)) or []
    for one in steps:
        if one.get("flowId") and (one["flowId"] == args.get("id") or one.get("displayName") == args.get("alias")):
            return str(one["flowId"])
    return None


def _registration_policy(api: Api, args: Props) -> str | None:
    for one in api.get(path("realms/{realmId}/components", args), name=args["name"]):
        if one["providerId"] == args["providerId"] and one["subType"] == args["subType"]:
            return str(one["id"])
    return None


def _flow(api: Api, args: Props) -> Found:
    found = _named("realms/{realmId}/authentication/flows", "alias")(api, args)
    return {"id": _some(found, f"realm '{args['realmId']}' has no flow '{args['alias']}'")}


def _execution(api: Api, args: Props) -> Found:
    for one in api.get(path("realms/{realmId}/authentication/flows/{parentFlowAlias}/executions", args)):
        if one.get("providerId") == args["providerId"]:
            return {"id": one["id"], "priority": one.get("priority", 0)}
    raise KeycloakError(f"flow '{args['parentFlowAlias']}' has no execution of '{args['providerId']}'")


def _some(found: Any, words: str) -> Any:
    if found is None:
        raise KeycloakError(words)
    return found


def _keys(api: Api, args: Props) -> Found:
    names = ("algorithm", "certificate", "kid", "providerId", "providerPriority", "publicKey", "status", "type")
    keys = [
        {name: one.get(name, 0 if name == "providerPriority" else "") for name in names}
        for one in api.get(path("realms/{realmId}/keys", args))["keys"]
        if one["status"] in (args.get("statuses") or [one["status"]])
        and one.get("algorithm") in (args.get("algorithms") or [one.get("algorithm")])
    ]
    _some(keys or None, f"realm '{args['realmId']}' has no keys of that status and algorithm")
    return {"id": args["realmId"], "keys": keys}


def _realm_roles(api: Api, args: Props) -> Found:
    roles = api.get(path("realms/{realmId}/users/{userId}/role-mappings/realm", args))
    return {"id": f"{args['realmId']}/{args['userId']}", "roleNames": [one["name"] for one in roles]}


def _policy(api: Api, args: Props) -> Found:
    server = path("realms/{realmId}/clients/{resourceServerId}/authz/resource-server/policy", args)
    found = [one for one in api.get(server, name=args["name"]) if one["name"] == args["name"]]
    one = _some(found[0] if found else None, f"there is no authorization policy '{args['name']}'")
    ties = {key: list(one.get(key) or []) for key in ("policies", "resources", "scopes")}
    return {**{key: one.get(key) or "" for key in ("id", "decisionStrategy", "logic", "owner", "type")}, **ties}


def _account(api: Api, args: Props) -> Found:
    found = api.get(path("realms/{realmId}/clients/{clientId}/service-account-user", args))
    kind = tables.kinds()["index/user:User"]
    told = kind.fetch(api, str(found["id"]), {"realmId": args["realmId"]}) or {}
    return {"id": found["id"], **{key: value for key, value in told.items() if key not in ("import", "realmId")}}


def _installation(api: Api, args: Props) -> Found:
    where = path("realms/{realmId}/clients/{clientId}/installation/providers/{providerId}", args)
    return {"id": f"{args['realmId']}/{args['clientId']}/{args['providerId']}", "value": api.text(where)}


def _described(api: Api, args: Props) -> Found:
    body = str(args["body"])
    kind = "application/json" if body.lstrip().startswith("{") else "text/plain"
    found: Json = api.ask(path("realms/{realmId}/client-description-converter", args), body, content_type=kind)
    told = {name: found.get(name, zero) for name, zero in _DESCRIBED.items()}
    for name in ("attributes", "access", "authenticationFlowBindingOverrides", "authorizationSettings"):
        told[name] = {key: value_of(value) for key, value in (told[name] or {}).items()}
    told["consentRequired"] = value_of(found.get("consentRequired", ""))
    return {**told, "id": found.get("id") or found.get("clientId") or ""}


_DESCRIBED: Json = {
    **dict.fromkeys(("adminUrl", "baseUrl", "clientAuthenticatorType", "clientId", "description", "name"), ""),
    **dict.fromkeys(("origin", "protocol", "registrationAccessToken", "rootUrl", "secret"), ""),
    **dict.fromkeys(("alwaysDisplayInConsole", "authorizationServicesEnabled", "bearerOnly", "enabled"), False),
    **dict.fromkeys(("directAccessGrantsEnabled", "frontchannelLogout", "fullScopeAllowed"), False),
    **dict.fromkeys(("implicitFlowEnabled", "publicClient", "serviceAccountsEnabled"), False),
    **dict.fromkeys(("standardFlowEnabled", "surrogateAuthRequired"), False),
    **{key: [] for key in ("defaultClientScopes", "defaultRoles", "optionalClientScopes")},
    **{key: [] for key in ("protocolMappers", "redirectUris", "webOrigins")},
    **{key: {} for key in ("access", "attributes", "authenticationFlowBindingOverrides", "authorizationSettings")},
    "registeredNodes": {},
    "notBefore": 0,
}
_CLIENTS, _SCOPES = "realms/{realmId}/clients", "realms/{realmId}/client-scopes"
_AUTHORIZATION = "realms/{realmId}/clients/{resourceServerId}/authz/resource-server"
_OPENID, _SAML = "protocol=openid-connect", "protocol=saml"

FUNCTIONS: Mapping[str, Function] = {
    "authentication/getSubflow:getSubflow": _thing("authentication/subflow:Subflow", _subflow, "alias"),
    "index/getAuthenticationExecution:getAuthenticationExecution": _function(_execution),
    "index/getAuthenticationFlow:getAuthenticationFlow": _function(_flow),
    "index/getClientDescriptionConverter:getClientDescriptionConverter": _function(_described),
    "index/getGenericProtocolMapper:getGenericProtocolMapper": _thing(
        "index/genericProtocolMapper:GenericProtocolMapper", _mapper
    ),
    "index/getGroup:getGroup": _thing("index/group:Group", _group),
    "index/getOrganization:getOrganization": _thing(
        "index/organization:Organization", _named("realms/{realm}/organizations", "name")
    ),
    "index/getRealm:getRealm": _thing("index/realm:Realm", _realm, "realm"),
    "index/getRealmClientRegistrationPolicy:getRealmClientRegistrationPolicy": _thing(
        "index/realmClientRegistrationPolicy:RealmClientRegistrationPolicy", _registration_policy
    ),
    "index/getRealmKeys:getRealmKeys": _function(_keys),
    "index/getRole:getRole": _thing("index/role:Role", _role),
    "index/getUser:getUser": _thing("index/user:User", _user, "username"),
    "index/getUserRealmRoles:getUserRealmRoles": _function(_realm_roles),
    "index/getWorkflow:getWorkflow": _thing("index/workflow:Workflow", _named("realms/{realm}/workflows", "name")),
    "openid/getClient:getClient": _thing("openid/client:Client", _named(_CLIENTS, "clientId", of=_OPENID), "clientId"),
    "openid/getClientAuthorizationPolicy:getClientAuthorizationPolicy": _function(_policy),
    "openid/getClientAuthorizationScope:getClientAuthorizationScope": _thing(
        "openid/clientAuthorizationScope:ClientAuthorizationScope", _named(_AUTHORIZATION + "/scope", "name")
    ),
    "openid/getClientScope:getClientScope": _thing(
        "openid/clientScope:ClientScope", _named(_SCOPES, "name", of=_OPENID)
    ),
    "openid/getClientServiceAccountUser:getClientServiceAccountUser": _function(_account),
    "saml/getClient:getClient": _thing("saml/client:Client", _named(_CLIENTS, "clientId", of=_SAML), "clientId"),
    "saml/getClientInstallationProvider:getClientInstallationProvider": _function(_installation),
    "saml/getClientScope:getClientScope": _thing("saml/clientScope:ClientScope", _named(_SCOPES, "name", of=_SAML)),
}
