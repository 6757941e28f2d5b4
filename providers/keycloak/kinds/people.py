"""Roles, groups and users."""

from __future__ import annotations

from dataclasses import dataclass

from engine.values import Props
from providers.keycloak.api import Api, path
from providers.keycloak.body import Json, build, merge
from providers.keycloak.errors import KeycloakError, Refused
from providers.keycloak.kind import Found
from providers.keycloak.rest import Rest


@dataclass(frozen=True, kw_only=True)
class Adoptable(Rest):
    """A kind with an `import` property: what is there already is taken over, and stays when the resource goes."""

    def make(self, api: Api, props: Props) -> str:
        """Take over, or make."""
        if not props.get("import"):
            return self.made(api, props)
        identity = self.existing(api, props)
        self.change(api, identity, props, props)
        return identity

    def remove(self, api: Api, identity: str, props: Props) -> None:
        """What was taken over stays."""
        if not props.get("import"):
            super().remove(api, identity, props)

    def made(self, api: Api, props: Props) -> str:
        """A new one's id."""
        return super().make(api, props)

    def existing(self, api: Api, props: Props) -> str:
        """The id of the one that is there."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Role(Adoptable):
    """A role of the realm or of a client; it may contain others."""

    collection: str = "realms/{realmId}/roles"
    item: str = "realms/{realmId}/roles-by-id/{id}"

    def made(self, api: Api, props: Props) -> str:
        """POST, then what POST leaves out: attributes and contained roles."""
        api.post(self._names(props), build(self.fields, props))
        identity = self.existing(api, props)
        if props.get("attributes") or props.get("compositeRoles"):
            self.change(api, identity, props, props)
        return identity

    def existing(self, api: Api, props: Props) -> str:
        """By its name."""
        return str(api.get(f"{self._names(props)}/{path('{name}', props)}")["id"])

    def known(self, api: Api, identity: str, prior: Props, found: Json) -> Found:
        """Contained roles, and the client that it belongs to."""
        inner = api.get(f"{self.where(identity, prior)}/composites") if found.get("composite") else []
        client = found.get("containerId") if found.get("clientRole") else None
        return {"compositeRoles": [one["id"] for one in inner], **({"clientId": client} if client else {})}

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """PUT; then add and take away contained roles."""
        super().change(api, identity, olds, news)
        where = f"{self.where(identity, news)}/composites"
        if "compositeRoles" not in news:
            return
        wanted, there = set(news["compositeRoles"]), {one["id"]: one for one in api.get(where)}
        gone = [one for key, one in there.items() if key not in wanted]
        if gone:
            api.delete(where, gone)
        if wanted - there.keys():
            roles = path("realms/{realmId}/roles-by-id", news)
            api.post(where, [api.get(f"{roles}/{key}") for key in sorted(wanted - there.keys())])

    def _names(self, props: Props) -> str:
        owner = "realms/{realmId}/clients/{clientId}/roles" if props.get("clientId") else self.collection
        return path(owner, props)


@dataclass(frozen=True, kw_only=True)
class Group(Rest):
    """A group of the realm, of an organisation, or beneath another group."""

    collection: str = "realms/{realmId}/groups"

    def make(self, api: Api, props: Props) -> str:
        """POST to where it belongs."""
        parent = path("/{parentId}/children", props) if props.get("parentId") else ""
        return str(api.post(self._groups(props) + parent, self.body(props)))

    def where(self, identity: str, props: Props) -> str:
        """All groups of a realm or an organisation are in one list."""
        return f"{self._groups(props)}/{identity}"

    def known(self, api: Api, identity: str, prior: Props, found: Json) -> Found:
        """The group above."""
        return {"parentId": found["parentId"]} if found.get("parentId") else {}

    def locate(self, api: Api, props: Props) -> str:
        """`realm/ID` or `realm/organisation/ID`."""
        organization, _, identity = str(props["id"]).rpartition("/")
        if organization:
            assert isinstance(props, dict)
            props["organizationId"] = organization
        return identity

    def _groups(self, props: Props) -> str:
        place = "realms/{realmId}/organizations/{organizationId}/groups"
        return path(place if props.get("organizationId") else self.collection, props)


@dataclass(frozen=True, kw_only=True)
class User(Adoptable):
    """A user; identities elsewhere and the first password are sent apart."""

    collection: str = "realms/{realmId}/users"

    def made(self, api: Api, props: Props) -> str:
        """POST, then the rest; a user that cannot be completed is taken away again."""
        body = build(self.fields, {key: value for key, value in props.items() if key != "federatedIdentities"})
        identity = str(api.post(path(self.collection, props), body))
        try:
            self._link(api, identity, props)
            if props.get("initialPassword"):
                given = props["initialPassword"]
                secret = {"type": "password", "value": given["value"], "temporary": bool(given.get("temporary"))}
                api.put(f"{self.where(identity, props)}/reset-password", secret)
        except Refused:
            api.delete(self.where(identity, props))
            raise
        return identity

    def existing(self, api: Api, props: Props) -> str:
        """By its name."""
        found = find_user(api, str(props["realmId"]), str(props["username"]))
        if found is None:
            raise KeycloakError(f"realm '{props['realmId']}' has no user '{props['username']}' to take over")
        return str(found["id"])

    def locate(self, api: Api, props: Props) -> str:
        """`realm/ID` or `realm/NAME`."""
        if api.find(self.where(str(props["id"]), props)):
            return str(props["id"])
        found = find_user(api, str(props["realmId"]), str(props["id"]))
        return str(found["id"] if found else props["id"])

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """PUT; identities elsewhere are made anew."""
        current = self.document(api, identity, news) or {}
        merged = merge(self.changed(current, olds, news), {"requiredActions": list(news.get("requiredActions") or [])})
        merged.pop("federatedIdentities", None)
        self.put(api, identity, news, merged)
        where = f"{self.where(identity, news)}/federated-identity"
        if (news.get("federatedIdentities") or []) != (olds.get("federatedIdentities") or []):
            for one in api.get(where):
                api.delete(f"{where}/{one['identityProvider']}")
            self._link(api, identity, news)

    def _link(self, api: Api, identity: str, props: Props) -> None:
        for one in props.get("federatedIdentities") or []:
            where = f"{self.where(identity, props)}/federated-identity/{path('{identityProvider}', one)}"
            api.post(where, {key: one[key] for key in ("identityProvider", "userId", "userName")})


def find_user(api: Api, realm: str, name: str) -> Json | None:
    """The user of exactly that name."""
    found = api.get(path("realms/{realm}/users", {"realm": realm}), username=name, exact="true")
    return next((one for one in found if one["username"] == name.lower()), None)
