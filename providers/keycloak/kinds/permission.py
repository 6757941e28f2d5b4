"""Who may administer what: permissions of the realm's own management, in Keycloak's first form and in its second.

The first form (feature `admin-fine-grained-authz:v1`) switches permissions of a thing on, which makes one permission
for each scope; the second (the realm's `adminPermissionsEnabled`) has permissions that are made one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.values import Props
from providers.keycloak.api import Api, path
from providers.keycloak.body import Json, merge
from providers.keycloak.errors import KeycloakError, Refused
from providers.keycloak.kind import Found, Kind
from providers.keycloak.kinds.authorization import Permission

_PARTS = {"policies": "associatedPolicies", "resources": "resources", "scopes": "scopes"}


@dataclass(frozen=True, kw_only=True)
class Management(Kind):
    """What the kinds of the first form share: the switch, and the permissions behind it."""

    switch: str
    """The address of the switch."""
    identity: str

    def fetch(self, api: Api, identity: str, prior: Props) -> Found | None:
        """While the switch is on."""
        found = self.switched(api, prior)
        return self.told(api, prior, found) if found and found.get("enabled") else None

    def remove(self, api: Api, identity: str, props: Props) -> None:
        """Switch it off."""
        if self.switched(api, props):
            self.turn(api, props, on=False)

    def locate(self, api: Api, props: Props) -> str:
        """From the import's parts."""
        return self.identity.format_map(props)

    def told(self, api: Api, prior: Props, found: Json) -> Found:
        """The properties while the switch is on."""
        raise NotImplementedError

    def switched(self, api: Api, props: Props) -> Json | None:
        """What the switch says."""
        try:
            found = api.find(path(self.switch, props))
        except Refused as exc:
            raise _hinted(exc, props) from exc
        return found if isinstance(found, dict) else None

    def turn(self, api: Api, props: Props, *, on: bool) -> Json:
        """Turn the switch."""
        try:
            found = api.put(path(self.switch, props), {"enabled": on})
        except Refused as exc:
            raise _hinted(exc, props) from exc
        return found if isinstance(found, dict) else {}

    def server(self, api: Api, props: Props) -> str:
        """The client that decides about the realm's management."""
        found = api.get(path("realms/{realmId}/clients", props), clientId="realm-management")
        return str(found[0]["id"])


@dataclass(frozen=True, kw_only=True)
class ScopePermissions(Management):
    """The permissions of a group, of a client or of all users, scope by scope."""

    scopes: Mapping[str, str]
    """Property to scope."""

    def make(self, api: Api, props: Props) -> str:
        """Switch on, then say who."""
        self.turn(api, props, on=True)
        self.change(api, "", {}, props)
        return self.identity.format_map(props)

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """Write each scope's permission that was or is given."""
        found = self.switched(api, news) or {}
        server = self.server(api, news)
        for name, scope in self.scopes.items():
            if news.get(name) is None and olds.get(name) is None:
                continue
            self._write(api, news, (server, found["scopePermissions"][scope]), news.get(name) or {})

    def told(self, api: Api, prior: Props, found: Json) -> Found:
        """Each scope's permission, unless nobody ever changed it."""
        server = self.server(api, prior)
        told: Found = {key: prior[key] for key in ("realmId", "groupId", "clientId") if key in prior}
        for name, scope in self.scopes.items():
            one = read_permission(api, prior, server, str(found["scopePermissions"][scope]))
            usual = one["decisionStrategy"] == "UNANIMOUS" and not one.get("description") and not one["policies"]
            if usual and not prior.get(name):
                continue
            keys = ("policies", "description", "decisionStrategy")
            told[name] = {key: one[key] for key in keys if one.get(key)}
        return {**told, "enabled": True, "authorizationResourceServerId": server}

    def _write(self, api: Api, props: Props, where: tuple[str, str], wanted: Props) -> None:
        server, identity = where
        current = read_permission(api, props, server, identity)
        told = {
            "policies": list(wanted.get("policies") or []),
            "description": wanted.get("description") or "",
            "decisionStrategy": wanted.get("decisionStrategy") or "UNANIMOUS",
        }
        api.put(_permission(props, server, f"scope/{identity}"), {**current, **told})


@dataclass(frozen=True, kw_only=True)
class TokenExchange(Management):
    """Which clients may exchange the tokens of an identity provider: a policy behind the switch's permission."""

    def make(self, api: Api, props: Props) -> str:
        """Switch on, then say which clients."""
        self.turn(api, props, on=True)
        self.change(api, "", {}, props)
        return self.identity.format_map(props)

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """Write the policy; make it if there is none."""
        found, server = self.switched(api, news) or {}, self.server(api, news)
        permission = read_permission(api, news, server, str(found["scopePermissions"]["token-exchange"]))
        where = self._policies(news, server)
        if permission["policies"]:
            policy = f"{where}/{permission['policies'][0]}"
            api.put(policy, {**api.get(policy), "clients": list(news["clients"])})
            return
        body = {
            "name": f"{news['providerAlias']}_idp_client_policy",
            "type": "client",
            "decisionStrategy": "UNANIMOUS",
            "logic": "POSITIVE",
            "clients": list(news["clients"]),
        }
        made = api.ask(where, body)["id"]
        api.put(_permission(news, server, f"scope/{permission['id']}"), {**permission, "policies": [made]})

    def remove(self, api: Api, identity: str, props: Props) -> None:
        """Switch off, and take the policy away."""
        super().remove(api, identity, props)
        if props.get("policyId"):
            api.delete(f"{self._policies(props, self.server(api, props))}/{props['policyId']}")

    def told(self, api: Api, prior: Props, found: Json) -> Found:
        """The policy's clients, and the ids of all that is behind it."""
        server = self.server(api, prior)
        permission = read_permission(api, prior, server, str(found["scopePermissions"]["token-exchange"]))
        policy = permission["policies"][0] if permission["policies"] else ""
        clients = api.get(f"{self._policies(prior, server)}/{policy}")["clients"] if policy else []
        return {
            **{key: prior[key] for key in ("realmId", "providerAlias")},
            "policyType": "client",
            "clients": clients,
            "policyId": policy,
            "authorizationResourceServerId": server,
            "authorizationIdpResourceId": found["resource"],
            "authorizationTokenExchangeScopePermissionId": permission["id"],
        }

    def _policies(self, props: Props, server: str) -> str:
        where = "realms/{realmId}/clients/{server}/authz/resource-server/policy/client"
        return path(where, {**props, "server": server})


@dataclass(frozen=True, kw_only=True)
class AdminPermission(Permission):
    """A permission of the second form, on the realm's own client for that."""

    things: str
    """Which kind of things it is about, as Keycloak calls it."""

    def make(self, api: Api, props: Props) -> str:
        """POST, to the client that the realm has for that."""
        made = api.ask(self._class(self._placed(api, props)), self.body(props))
        return f"{props['realmId']}/{made['id']}"

    def fetch(self, api: Api, identity: str, prior: Props) -> Found | None:
        """By the second part of the id."""
        try:
            placed = self._placed(api, prior)
        except Refused as exc:
            if exc.status != 404:
                raise
            return None
        permission = identity.rpartition("/")[2]
        found = self.document(api, permission, placed)
        if found is None:
            return None
        names = {"scopes": [self._name(api, placed, one) for one in found["scopes"]]}
        things = [self._thing(api, placed, one) for one in found["resources"]]
        found |= {**names, "resources": [one for one in things if one != self.things]}
        told: Found = {"permissionId": permission, "enabled": True}
        return {**self.told(found, prior), **told, "authorizationResourceServerId": placed["resourceServerId"]}

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """PUT."""
        del olds
        placed, permission = self._placed(api, news), identity.rpartition("/")[2]
        api.put(self.where(permission, placed), {**self.body(news), "id": permission})

    def remove(self, api: Api, identity: str, props: Props) -> None:
        """DELETE."""
        try:
            api.delete(self.where(identity.rpartition("/")[2], self._placed(api, props)))
        except Refused as exc:
            if exc.status != 404:
                raise

    def body(self, props: Props) -> Json:
        """Always about scopes of one kind of things."""
        return merge(super().body(props), {"resourceType": self.things})

    def locate(self, api: Api, props: Props) -> str:
        """`realm/ID`, as the id is."""
        return f"{props['realmId']}/{props['id']}"

    def _class(self, props: Props) -> str:
        return f"{path(self.collection, props)}/scope"

    def _placed(self, api: Api, props: Props) -> Found:
        realm = api.get(path("realms/{realmId}", props))
        client = (realm.get("adminPermissionsClient") or {}).get("id")
        if not client:
            raise KeycloakError(
                f"realm '{props['realmId']}' has no permissions of the second form",
                hint="set adminPermissionsEnabled on the realm",
            )
        return {**props, "resourceServerId": client}

    def _name(self, api: Api, placed: Props, identity: str) -> str:
        return str(api.get(path(_SERVER + "/scope/{id}", {**placed, "id": identity}))["name"])

    def _thing(self, api: Api, placed: Props, identity: str) -> str:
        return str(api.get(path(_SERVER + "/resource/{id}", {**placed, "id": identity}))["name"])


_SERVER = "realms/{realmId}/clients/{resourceServerId}/authz/resource-server"


def read_permission(api: Api, props: Props, server: str, identity: str) -> Json:
    """A permission with the ids of what it ties together."""
    where = path(_SERVER + "/policy/{id}", {**props, "resourceServerId": server, "id": identity})
    found: Json = api.get(_permission(props, server, identity))
    for key, part in _PARTS.items():
        found[key] = [str(one.get("id") or one.get("_id")) for one in api.get(f"{where}/{part}") or []]
    return found


def _permission(props: Props, server: str, rest: str) -> str:
    return f"{path(_SERVER, {**props, 'resourceServerId': server})}/permission/{rest}"


def _hinted(exc: Refused, props: Props) -> Any:
    if exc.status not in (400, 404, 501):
        return exc
    hint = "keycloak has to be started with the feature admin-fine-grained-authz:v1 (or use the admin permissions)"
    return KeycloakError(f"{exc.message} (permissions in realm '{props['realmId']}')", hint=hint)
