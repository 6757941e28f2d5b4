"""Sets that belong to something: scopes of a client, roles of a user, members of a group; made equal item by item."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.values import Props
from providers.keycloak.api import Api, path
from providers.keycloak.errors import KeycloakError, Refused
from providers.keycloak.kind import Found, Kind
from providers.keycloak.kinds.people import find_user

Items = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Members(Kind):
    """One set; what is in it is known by an id or a name."""

    key: str
    """The property that is the set."""
    identity: str
    """How the id is formed from the properties."""

    @abstractmethod
    def there(self, api: Api, props: Props) -> Items:
        """What is in the set now, by what the property calls it."""

    @abstractmethod
    def add(self, api: Api, props: Props, names: Iterable[str]) -> None:
        """Put these in."""

    @abstractmethod
    def drop(self, api: Api, props: Props, items: Items) -> None:
        """Take these out."""

    def make(self, api: Api, props: Props) -> str:
        """Make the set equal."""
        self.change(api, "", {}, props)
        return self.identity.format_map(props)

    def fetch(self, api: Api, identity: str, prior: Props) -> Found | None:
        """What is in the set; of one that is not exhaustive, only what was put in."""
        try:
            there = list(self.there(api, prior))
        except Refused as exc:
            if exc.status != 404:
                raise
            return None
        if prior.get("exhaustive") is False:
            there = [one for one in there if one in (prior.get(self.key) or [])]
        known = {field.name: prior[field.name] for field in self.fields if field.name in prior}
        defaults = {field.name: field.default for field in self.fields if field.default is not None}
        return {**defaults, **known, self.key: there}

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """Take out what is too much, put in what is missing."""
        del identity
        wanted, there = list(news.get(self.key) or []), self.there(api, news)
        exhaustive = news.get("exhaustive", True)
        unwanted = [one for one in there if one not in wanted]
        gone = unwanted if exhaustive else [one for one in unwanted if one in (olds.get(self.key) or [])]
        if gone:
            self.drop(api, news, {one: there[one] for one in gone})
        missing = [one for one in wanted if one not in there]
        if missing:
            self.add(api, news, missing)

    def remove(self, api: Api, identity: str, props: Props) -> None:
        """Take out what was put in."""
        del identity
        try:
            there = self.there(api, props)
        except Refused as exc:
            if exc.status != 404:
                raise
            return
        mine = {one: there[one] for one in props.get(self.key) or [] if one in there}
        if mine:
            self.drop(api, props, mine)

    def locate(self, api: Api, props: Props) -> str:
        """The id from the import's parts."""
        del api
        assert isinstance(props, dict)
        if "{" + self.imports[-1] + "}" not in self.identity and "id" in props:
            return str(props["id"])
        return self.identity.format_map(props)


@dataclass(frozen=True, kw_only=True)
class Addressed(Members):
    """A set whose items have addresses: PUT puts one in, DELETE takes it out."""

    where: str
    """The address of the set."""
    source: str = ""
    """The address of everything that could be in it, where the property gives names and addresses have ids."""
    protocol: str = ""

    def there(self, api: Api, props: Props) -> Items:
        """GET the set."""
        return {str(one["name" if self.source else "id"]): one for one in api.get(path(self.where, props))}

    def add(self, api: Api, props: Props, names: Iterable[str]) -> None:
        """PUT each."""
        known = {one["name"]: one for one in api.get(path(self.source, props))} if self.source else {}
        for name in names:
            if self.source and name not in known:
                raise KeycloakError(f"realm '{props['realmId']}' has no client scope '{name}'")
            item = known[name]["id"] if self.source else name
            api.put(f"{path(self.where, props)}/{item}", {"realm": props["realmId"], "clientScopeId": item})

    def drop(self, api: Api, props: Props, items: Items) -> None:
        """DELETE each."""
        for item in items.values():
            api.delete(f"{path(self.where, props)}/{item['id']}")


@dataclass(frozen=True, kw_only=True)
class Usernames(Members):
    """A set of users that are called by their names."""

    where: str
    organization: bool = False

    def there(self, api: Api, props: Props) -> Items:
        """All of them, page by page."""
        found: dict[str, Any] = {}
        while True:
            page = api.get(path(self.where, props), first=len(found), max=500)
            found |= {str(one["username"]): one for one in page}
            if len(page) < 500:
                return found

    def add(self, api: Api, props: Props, names: Iterable[str]) -> None:
        """One by one."""
        for name in names:
            user = find_user(api, str(props["realmId"]), name)
            if user is None:
                raise KeycloakError(f"realm '{props['realmId']}' has no user '{name}'")
            if self.organization:
                api.ask(path(self.where, props), user["id"])
            else:
                api.put(self._membership(props, user))

    def drop(self, api: Api, props: Props, items: Items) -> None:
        """One by one."""
        for user in items.values():
            one = f"{path(self.where, props)}/{user['id']}" if self.organization else self._membership(props, user)
            api.delete(one)

    def _membership(self, props: Props, user: Mapping[str, Any]) -> str:
        return path("realms/{realmId}/users/{user}/groups/{groupId}", {**props, "user": user["id"]})


@dataclass(frozen=True, kw_only=True)
class UserGroups(Addressed):
    """The groups of a user, page by page."""

    def there(self, api: Api, props: Props) -> Items:
        """GET the set without a limit."""
        return {str(one["id"]): one for one in api.get(path(self.where, props), first=0, max=100_000)}


@dataclass(frozen=True, kw_only=True)
class RoleMappings(Members):
    """The roles of a user or a group: those of the realm and those of each client."""

    owner: str

    def there(self, api: Api, props: Props) -> Items:
        """All of them, whomever they belong to."""
        found = api.get(f"{path(self.owner, props)}/role-mappings")
        roles = list(found.get("realmMappings") or [])
        for client in (found.get("clientMappings") or {}).values():
            roles += client["mappings"]
        return {str(role["id"]): role for role in roles}

    def add(self, api: Api, props: Props, names: Iterable[str]) -> None:
        """POST, one list for the realm and one for each client."""
        roles = path("realms/{realmId}/roles-by-id", props)
        for where, items in self._sorted(props, [api.get(f"{roles}/{name}") for name in names]).items():
            api.post(where, items)

    def drop(self, api: Api, props: Props, items: Items) -> None:
        """DELETE, one list for the realm and one for each client."""
        for where, roles in self._sorted(props, items.values()).items():
            api.delete(where, roles)

    def _sorted(self, props: Props, roles: Iterable[Any]) -> dict[str, list[Any]]:
        lists: dict[str, list[Any]] = {}
        for role in roles:
            of = f"clients/{role['containerId']}" if role.get("clientRole") else "realm"
            lists.setdefault(f"{path(self.owner, props)}/role-mappings/{of}", []).append(role)
        return lists


@dataclass(frozen=True, kw_only=True)
class DefaultRoles(Members):
    """The roles that every user of a realm has: what the realm's default role contains."""

    def make(self, api: Api, props: Props) -> str:
        """The id is that of the default role."""
        self.change(api, "", {}, props)
        return self._role(api, props)

    def there(self, api: Api, props: Props) -> Items:
        """By name; a client's role is CLIENT/NAME."""
        found: dict[str, Any] = {}
        for role in api.get(self._composites(api, props)):
            client = path("realms/{realmId}/clients/{of}", {**props, "of": role["containerId"]})
            prefix = f"{api.get(client)['clientId']}/" if role.get("clientRole") else ""
            found[f"{prefix}{role['name']}"] = role
        return found

    def add(self, api: Api, props: Props, names: Iterable[str]) -> None:
        """POST them."""
        api.post(self._composites(api, props), [self._named(api, props, name) for name in names])

    def drop(self, api: Api, props: Props, items: Items) -> None:
        """DELETE them."""
        api.delete(self._composites(api, props), list(items.values()))

    def _named(self, api: Api, props: Props, name: str) -> Any:
        client, _, role = name.rpartition("/")
        if not client:
            return api.get(path("realms/{realmId}/roles/{name}", {**props, "name": role}))
        found = api.get(path("realms/{realmId}/clients", props), clientId=client)
        if not found:
            raise KeycloakError(f"realm '{props['realmId']}' has no client '{client}' for the role '{name}'")
        return api.get(
            path("realms/{realmId}/clients/{of}/roles/{name}", {**props, "of": found[0]["id"], "name": role})
        )

    def _composites(self, api: Api, props: Props) -> str:
        return path("realms/{realmId}/roles-by-id/{role}/composites", {**props, "role": self._role(api, props)})

    def _role(self, api: Api, props: Props) -> str:
        return str(api.get(path("realms/{realmId}", props))["defaultRole"]["id"])
