"""What a client decides as a resource server: resources, scopes, policies, and permissions that tie them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.values import Props
from providers.keycloak.api import Api, path
from providers.keycloak.body import Json, merge
from providers.keycloak.kind import Found
from providers.keycloak.rest import Rest

SERVER = "realms/{realmId}/clients/{resourceServerId}/authz/resource-server"


@dataclass(frozen=True, kw_only=True)
class Policy(Rest):
    """One policy; those that it builds on are told apart."""

    item: str = SERVER + "/policy/{id}"

    def document(self, api: Api, identity: str, props: Props) -> Json | None:
        """From the list of its class, with the policies that it builds on."""
        found = api.find(f"{path(self.collection, props)}/{identity}")
        if found is not None and any(one.name == "policies" for one in self.fields):
            found["policies"] = _ids(api, f"{self.where(identity, props)}/associatedPolicies")
        return found if isinstance(found, dict) else None

    def put(self, api: Api, identity: str, props: Props, body: Json) -> None:
        """In the list of its class."""
        api.put(f"{path(self.collection, props)}/{identity}", body)


@dataclass(frozen=True, kw_only=True)
class GenericPolicy(Rest):
    """A policy of any class, which its document names."""

    collection: str = SERVER + "/policy"


@dataclass(frozen=True, kw_only=True)
class JsPolicy(GenericPolicy):
    """A script that was deployed with the server; its code is its class there."""

    def known(self, api: Api, identity: str, prior: Props, found: Json) -> Found:
        """What the program calls its class is kept."""
        return {"type": prior.get("type") or str(found["type"])}


@dataclass(frozen=True, kw_only=True)
class Permission(Rest):
    """One permission; what it ties together is told apart."""

    collection: str = SERVER + "/permission"

    def make(self, api: Api, props: Props) -> str:
        """POST to the list of its class."""
        return str(api.post(self._class(props), self.body(props))["id"])

    def where(self, identity: str, props: Props) -> str:
        """In the list of its class."""
        return f"{self._class(props)}/{identity}"

    def document(self, api: Api, identity: str, props: Props) -> Json | None:
        """The permission with the ids of what it ties together."""
        found = api.find(path(self.collection + "/{id}", {**props, "id": identity}))
        if found is None:
            return None
        policy = path(SERVER + "/policy/{id}", {**props, "id": identity})
        tied = {"policies": "associatedPolicies", "resources": "resources", "scopes": "scopes"}
        return {**found, **{key: _ids(api, f"{policy}/{where}") for key, where in tied.items()}}

    def body(self, props: Props) -> Json:
        """All three lists, so that what is left out goes."""
        return merge({"policies": [], "resources": [], "scopes": []}, super().body(props))

    def _class(self, props: Props) -> str:
        return f"{path(self.collection, props)}/{props.get('type', 'resource')}"


@dataclass(frozen=True, kw_only=True)
class Resource(Rest):
    """Something that is protected; its scopes are called by name."""

    collection: str = SERVER + "/resource"

    def body(self, props: Props) -> Json:
        """Scopes are objects there."""
        scopes = [{"name": name} for name in props.get("scopes") or []]
        return merge(super().body(props), {"scopes": scopes})

    def told(self, found: Mapping[str, Any], prior: Props) -> Found:
        """Scopes are names here."""
        return {**super().told(found, prior), "scopes": [one["name"] for one in found.get("scopes") or []]}


def _ids(api: Api, where: str) -> list[str]:
    return [str(one.get("id") or one.get("_id")) for one in api.get(where) or []]
