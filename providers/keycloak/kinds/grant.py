"""One role given to one holder: to a service account, or to what a client or a client scope may see."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

from engine.values import Props
from providers.keycloak.api import Api, path
from providers.keycloak.errors import KeycloakError, Refused
from providers.keycloak.kind import Found, Kind


@dataclass(frozen=True, kw_only=True)
class Grant(Kind):
    """A role in a holder's list; every property is fixed, so that nothing can change in place."""

    @abstractmethod
    def role(self, api: Api, props: Props) -> Any:
        """The role."""

    @abstractmethod
    def where(self, props: Props, role: Any) -> str:
        """The holder's list for a role of that owner."""

    def fetch(self, api: Api, identity: str, prior: Props) -> Found | None:
        """It is there while the role is in the list."""
        try:
            role = self.role(api, prior)
            there = api.get(self.where(prior, role))
        except Refused as exc:
            if exc.status != 404:
                raise
            return None
        return dict(prior) if any(one["id"] == role["id"] for one in there) else None

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """Nothing can change."""

    def remove(self, api: Api, identity: str, props: Props) -> None:
        """Take it out of the list."""
        try:
            role = self.role(api, props)
            api.delete(self.where(props, role), [role])
        except Refused as exc:
            if exc.status != 404:
                raise


@dataclass(frozen=True, kw_only=True)
class ServiceAccountRole(Grant):
    """A role of a client's own account."""

    def make(self, api: Api, props: Props) -> str:
        """POST."""
        role = self.role(api, props)
        api.post(self.where(props, role), [role])
        return f"{props['serviceAccountUserId']}/{role['id']}"

    def role(self, api: Api, props: Props) -> Any:
        """By name, of the client or of the realm."""
        owner = "realms/{realmId}/clients/{clientId}" if props.get("clientId") else "realms/{realmId}"
        return api.get(path(f"{owner}/roles/{{role}}", props))

    def where(self, props: Props, role: Any) -> str:
        """The account's roles of that client, or of the realm."""
        del role
        of = "clients/{clientId}" if props.get("clientId") else "realm"
        return path(f"realms/{{realmId}}/users/{{serviceAccountUserId}}/role-mappings/{of}", props)

    def locate(self, api: Api, props: Props) -> str:
        """The last part of an import is the role's id."""
        role = api.get(path("realms/{realmId}/roles-by-id/{id}", props))
        assert isinstance(props, dict)
        props["role"] = role["name"]
        return f"{props['serviceAccountUserId']}/{role['id']}"


@dataclass(frozen=True, kw_only=True)
class RoleScope(Grant):
    """A role that may appear in the tokens of a client, or wherever a client scope is used."""

    def make(self, api: Api, props: Props) -> str:
        """POST."""
        role = self.role(api, props)
        api.post(self.where(props, role), [role])
        return self._identity(props, role)

    def role(self, api: Api, props: Props) -> Any:
        """By its id."""
        return api.get(path("realms/{realmId}/roles-by-id/{roleId}", props))

    def where(self, props: Props, role: Any) -> str:
        """The holder's list for roles of that client, or of the realm."""
        holder = "client-scopes/{clientScopeId}" if props.get("clientScopeId") else "clients/{clientId}"
        of = f"clients/{role['containerId']}" if role.get("clientRole") else "realm"
        return f"{path(f'realms/{{realmId}}/{holder}', props)}/scope-mappings/{of}"

    def locate(self, api: Api, props: Props) -> str:
        """`realm/client/ID/scope-mappings/OF/ROLE` or the same with client-scope."""
        owner = {"client": "clientId", "client-scope": "clientScopeId"}.get(str(props["kind"]))
        if owner is None:
            raise KeycloakError(f"'{props['kind']}' holds no roles; write client or client-scope")
        assert isinstance(props, dict)
        props[owner] = props.pop("owner")
        for part in ("kind", "word", "of"):
            props.pop(part)
        return self._identity(props, self.role(api, props))

    def _identity(self, props: Props, role: Any) -> str:
        kind = "client-scope" if props.get("clientScopeId") else "client"
        holder = props.get("clientScopeId") or props["clientId"]
        of = role["containerId"] if role.get("clientRole") else ""
        return f"{props['realmId']}/{kind}/{holder}/scope-mappings/{of}/{role['id']}"
